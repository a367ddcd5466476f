import { UsageError } from '../../errors.js';
import { invalidFile, printable } from '../file-bytes.js';
import { elementCount, itemSize, zeros, type DType, type NdArray, type NdData } from '../nd-array.js';

/** Types of elements that PyTorch stores and our arrays do not have, with the bytes of one. */
const others = { bfloat16: 2, complex32: 4, complex64: 8, complex128: 16, float8: 1 } as const;

/** Types of elements that PyTorch stores. */
export type TorchType = DType | keyof typeof others;

/** Returns the bytes of one element. */
export function torchItemSize(type: TorchType): number {
  return type in others ? others[type as keyof typeof others] : itemSize(type as DType);
}

/** A named block of memory that holds tensors; it is read when the first of them is read. */
export interface TorchStorage {
  readonly key: string;
  readonly type: TorchType;
  /** Number of elements. */
  readonly length: number;
  /** Returns its bytes, at least those of its elements, from a multiple of 8 on. */
  bytes(): Uint8Array;
}

/** A tensor as the pickle describes it: a strided view of a storage. */
export class TorchTensor {
  /** Do its elements stand for their negatives (`Tensor.is_neg()`)? */
  negated = false;

  constructor(
    readonly storage: TorchStorage,
    readonly type: TorchType,
    readonly offset: number,
    readonly shape: readonly number[],
    readonly strides: readonly number[],
  ) {}
}

/** How much more memory than the file itself copied tensors may take: a hostile file asks for petabytes. */
const defaults = { always: 2 ** 24, ratio: 4 };

/** Makes arrays from tensors: views of the file's bytes wherever possible. */
export class TensorReader {
  private left: number;
  private readonly file: string;

  constructor(file: string, bytes: number, options: Partial<typeof defaults> = {}) {
    const { always, ratio } = { ...defaults, ...options };
    this.file = file;
    this.left = Math.max(always, ratio * bytes);
  }

  /**
   * Returns the tensor's elements in C order, bfloat16 as float32.
   *
   * @throws UsageError where it is not inside its storage, or has elements that cannot be read
   */
  read(tensor: TorchTensor, name: string): NdArray {
    const called = `tensor ${printable(name)}`;
    const { storage, type, offset, shape, strides } = tensor;
    if (type in others && type !== 'bfloat16')
      throw new UsageError(`cannot read ${this.file}: ${called} has ${type} elements; save it as float32`);
    if (tensor.negated && type === 'bool') throw invalidFile(this.file, `${called} is a negated bool`);
    const dtype = (type === 'bfloat16' ? 'float32' : type) as DType;
    const size = torchItemSize(type);
    const count = elementCount(shape);
    if (!Number.isSafeInteger(count)) throw invalidFile(this.file, `${called} has more elements than can be`);
    if (count === 0) return { dtype, shape, data: zeros(dtype, 0) };
    const available = Math.floor((torchItemSize(storage.type) * storage.length) / size);
    const last = offset + shape.reduce((sum, side, axis) => sum + (side - 1) * strides[axis], 0);
    if (last >= available)
      throw invalidFile(this.file, `${called} reaches beyond its storage of ${available} elements`);
    const stored = view(type === 'bfloat16' ? 'uint16' : dtype, storage.bytes(), available);
    if (type !== 'bfloat16' && !tensor.negated && isContiguous(shape, strides))
      return { dtype, shape, data: stored.subarray(offset, offset + count) };
    this.spend(count * itemSize(dtype), called);
    if (type !== 'bfloat16') {
      const data = gather(stored, offset, shape, strides, zeros(dtype, count));
      return { dtype, shape, data: tensor.negated ? negate(dtype, data) : data };
    }
    // bfloat16 is the upper half of a float32.
    const bits = gather(stored, offset, shape, strides, new Uint32Array(count));
    for (let i = 0; i < count; i++) bits[i] = Number(bits[i]) << 16;
    const data = new Float32Array(bits.buffer);
    return { dtype, shape, data: tensor.negated ? negate(dtype, data) : data };
  }

  private spend(bytes: number, called: string): void {
    this.left -= bytes;
    if (this.left < 0) throw invalidFile(this.file, `${called} takes far more than the file itself`);
  }
}

/** Negates each element in place; integers wrap around as in PyTorch. */
function negate(dtype: DType, data: NdData): NdData {
  const sign = dtype === 'float16' ? 0x8000 : 0;
  for (let i = 0; i < data.length; i++) {
    const value = data[i];
    data[i] = sign > 0 ? Number(value) ^ sign : -value;
  }
  return data;
}

function isContiguous(shape: readonly number[], strides: readonly number[]): boolean {
  let step = 1;
  for (let axis = shape.length - 1; axis >= 0; axis--) {
    if (shape[axis] !== 1 && strides[axis] !== step) return false;
    step *= shape[axis];
  }
  return true;
}

type Typed = new (buffer: ArrayBufferLike, offset: number, length: number) => NdData;

function view(dtype: DType, bytes: Uint8Array, count: number): NdData {
  return new (zeros(dtype, 0).constructor as Typed)(bytes.buffer, bytes.byteOffset, count);
}

/** Copies a strided view to `out` in C order. */
function gather(
  from: NdData,
  offset: number,
  shape: readonly number[],
  strides: readonly number[],
  out: NdData,
): NdData {
  const index = shape.map(() => 0);
  let at = offset;
  for (let i = 0; i < out.length; i++) {
    out[i] = from[at];
    for (let axis = shape.length - 1; axis >= 0; axis--) {
      at += strides[axis];
      if (++index[axis] < shape[axis]) break;
      at -= strides[axis] * shape[axis];
      index[axis] = 0;
    }
  }
  return out;
}
