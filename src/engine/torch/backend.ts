import {
  DataStorage,
  engine,
  KernelBackend,
  util,
  type BackendValues,
  type DataId,
  type DataType,
  type TensorInfo,
} from '../../tf.js';
import { UsageError } from '../../errors.js';
import { asOutOfMemory } from '../out-of-memory.js';
import type { Addon, Argument, Described, Handle, Values } from './addon.js';

/** Holds a tensor of libtorch and the number of TensorFlow.js tensors that use it. */
interface Entry {
  readonly handle: Handle;
  readonly shape: readonly number[];
  references: number;
  /** Views in other shapes: tensors that another engine reshaped may share one entry. */
  readonly views: Map<string, Handle>;
}

const same = (a: readonly number[], b: readonly number[]): boolean =>
  a.length === b.length && a.every((length, axis) => length === b[axis]);

/** Keeps its tensors in libtorch; JavaScript gets their numbers only when `read` asks for them. */
export class TorchBackend extends KernelBackend {
  private readonly data: DataStorage<Entry>;

  /** @param device as libtorch writes it: `cpu`, `cuda:0` */
  constructor(
    readonly addon: Addon,
    readonly device: string,
  ) {
    super();
    this.data = new DataStorage(this, engine());
  }

  /** Runs a kernel of the addon and returns its results as tensors. */
  run(name: string, ...given: Argument[]): TensorInfo[] {
    return this.translated(() => this.addon.kernels[name](...given)).map((result) => this.keep(result));
  }

  /** Runs a kernel that has one result. */
  one(name: string, ...given: Argument[]): TensorInfo {
    return this.keep(this.translated(() => this.addon.kernels[name](...given))[0]);
  }

  handle({ dataId, shape }: TensorInfo): Handle {
    const entry = this.data.get(dataId);
    if (same(entry.shape, shape)) return entry.handle;
    const key = shape.join();
    const view = entry.views.get(key) ?? this.addon.kernels['reshape'](entry.handle, shape)[0][0];
    entry.views.set(key, view);
    return view;
  }

  /** Makes a tensor of numbers. */
  from(values: Values, shape: readonly number[], dtype: DataType): TensorInfo {
    return this.keep(this.translated(() => this.addon.tensor(values, shape, dtype, this.device)));
  }

  override write(values: BackendValues, shape: number[], dtype: DataType): DataId {
    return this.from(typed(values, shape, dtype), shape, dtype).dataId;
  }

  override move(dataId: DataId, values: BackendValues, shape: number[], dtype: DataType, references: number): void {
    const [handle] = this.translated(() => this.addon.tensor(typed(values, shape, dtype), shape, dtype, this.device));
    this.data.set(dataId, { handle, shape, references, views: new Map() });
  }

  override readSync(dataId: DataId): BackendValues {
    return this.translated(() => this.addon.values(this.data.get(dataId).handle));
  }

  override read(dataId: DataId): Promise<BackendValues> {
    return Promise.resolve(this.readSync(dataId));
  }

  override disposeData(dataId: DataId, force = false): boolean {
    if (!this.data.has(dataId)) return true;
    const entry = this.data.get(dataId);
    entry.references--;
    if (!force && entry.references > 0) return false;
    this.data.delete(dataId);
    for (const handle of [entry.handle, ...entry.views.values()]) this.addon.release(handle);
    return true;
  }

  override refCount(dataId: DataId): number {
    return this.data.has(dataId) ? this.data.get(dataId).references : 0;
  }

  override incRef(dataId: DataId): void {
    this.data.get(dataId).references++;
  }

  /** Makes room on a GPU after an error about memory: its driver loads kernels into what libtorch does not hold. */
  recover(): boolean {
    this.addon.releaseCached(this.device);
    return true;
  }

  override numDataIds(): number {
    return this.data.numDataIds();
  }

  override memory(): { unreliable: boolean } {
    return { unreliable: false };
  }

  override floatPrecision(): 32 {
    return 32;
  }

  override epsilon(): number {
    return 1e-7;
  }

  override timerAvailable(): boolean {
    return false;
  }

  override dispose(): void {
    // entries are released with their tensors
  }

  private keep([handle, shape, dtype]: Described): TensorInfo {
    const dataId = {};
    this.data.set(dataId, { handle, shape, references: 1, views: new Map() });
    return { dataId, shape, dtype };
  }

  /** Turns an error about memory into one that names the device. */
  private translated<T>(work: () => T): T {
    try {
      return work();
    } catch (error) {
      throw asOutOfMemory(error, this.device) ?? error;
    }
  }
}

/** Converts numbers of TensorFlow.js to what the addon takes. */
function typed(values: BackendValues | null, shape: readonly number[], dtype: DataType): Values {
  const make = { float32: Float32Array, int32: Int32Array, bool: Uint8Array }[dtype as 'float32'];
  if ((make as unknown) === undefined) throw new UsageError(`tensors of type ${dtype} are not supported by torch`);
  if ((values as unknown) === null) return new make(util.sizeFromShape([...shape]));
  return values instanceof make ? values : new make(values as unknown as ArrayLike<number>);
}
