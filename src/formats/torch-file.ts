import { UsageError } from '../errors.js';
import { fileBytes, invalidFile, printable } from './file-bytes.js';
import type { NdArray } from './nd-array.js';
import { isSize, torchGlobals, type TypeGlobal } from './torch-globals.js';
import { unpickle, type PickleContext } from './torch-pickle.js';
import { TensorReader, torchItemSize, TorchTensor, type TorchStorage, type TorchType } from './torch-tensor.js';
import { readZip } from './zip.js';

/** The number that files of `torch.save` before PyTorch 1.6 begin with. */
const MAGIC = 0x1950a86a20f9469cfc6cn;
const VERSION = 1001;
/** What checkpoints call the state dict in them. */
const wrappers = ['state_dict', 'model_state_dict', 'model', 'net'];

/**
 * Reads the tensors of a state dict that `torch.save` wrote (`.pth`, `.pt`, `.bin`), by name, in order.
 *
 * Both forms: the zip archive (PyTorch 1.6 on) and the older pickle. Only tensors and plain containers are rebuilt; a
 * file that names anything else is refused and nothing of it runs. Tensors are views of the file's bytes in memory where
 * they can be. bfloat16 becomes float32.
 *
 * @throws UsageError where the file is missing, damaged, hostile, or holds no state dict
 *
 * Source: torch/serialization.py.
 */
export function readTorch(file: string): Map<string, NdArray> {
  return read(fileBytes(file), file);
}

/** The tensors in the bytes of a `.pth` file, which stay as they are; `name` is what errors call it. */
export function decodeTorch(bytes: Uint8Array, name: string): Map<string, NdArray> {
  return read(new Uint8Array(bytes), name);
}

/** As above; of the older form the bytes are moved about, so that tensors can be views of them. */
function read(bytes: Uint8Array, file: string): Map<string, NdArray> {
  const isZip = bytes.length >= 4 && bytes[0] === 0x50 && bytes[1] === 0x4b;
  const value = isZip ? readArchive(bytes, file) : readLegacy(bytes, file);
  const reader = new TensorReader(file, bytes.length);
  const tensors = new Map<string, NdArray>();
  for (const [name, tensor] of stateDict(value, file)) tensors.set(name, reader.read(tensor, name));
  return tensors;
}

/** The tensors of the value, or of the state dict that it holds among other things. */
function stateDict(value: unknown, file: string): [string, TorchTensor][] {
  const outer = value instanceof Map ? (value as Map<unknown, unknown>) : new Map<unknown, unknown>();
  for (const dict of [outer, ...wrappers.map((name) => outer.get(name))]) {
    if (!(dict instanceof Map)) continue;
    const tensors = [...(dict as Map<unknown, unknown>)].filter(
      (entry): entry is [string, TorchTensor] => typeof entry[0] === 'string' && entry[1] instanceof TorchTensor,
    );
    if (tensors.length > 0) return tensors;
  }
  throw new UsageError(`cannot read ${file}: it holds no state dict (tensors by name); save model.state_dict()`);
}

function readArchive(bytes: Uint8Array, file: string): unknown {
  const entries = new Map(readZip(bytes, file).map((entry) => [entry.name, entry]));
  const pickles = [...entries.keys()].filter((name) => /^[^/]*\/data\.pkl$/.test(name));
  if (pickles.length !== 1) throw new UsageError(`cannot read ${file}: a zip archive, but not of torch.save`);
  const root = pickles[0].slice(0, -'data.pkl'.length);
  const order = entries.get(`${root}byteorder`);
  if (order !== undefined && Buffer.from(order.read()).toString() !== 'little')
    throw new UsageError(`cannot read ${file}: written on a big-endian machine; save it on another`);
  const storages = new Storages(file, (key, needed) => {
    const entry = entries.get(`${root}data/${key}`);
    if (entry === undefined) throw invalidFile(file, `storage ${printable(key)} is missing`);
    const content = entry.read();
    if (content.length < needed) throw invalidFile(file, `storage ${printable(key)} is cut short`);
    return content;
  });
  return unpickle(entries.get(pickles[0])!.read(), 0, storages).value;
}

function readLegacy(bytes: Uint8Array, file: string): unknown {
  const other = new UsageError(
    `cannot read ${file}: not a file of torch.save; if it is older than PyTorch 0.1.10, save it anew with a later one`,
  );
  if (bytes.length < 2 || bytes[0] !== 0x80) throw other;
  const places = new Map<string, Uint8Array>();
  const storages = new Storages(file, (key) => {
    const place = places.get(key);
    if (place === undefined) throw invalidFile(file, `storage ${printable(key)} is missing`);
    return place;
  });
  const magic = unpickle(bytes, 0, storages);
  if (magic.value !== MAGIC) throw other;
  const version = unpickle(bytes, magic.end, storages);
  if (version.value !== VERSION) throw invalidFile(file, 'its version is not 1001');
  const system = unpickle(bytes, version.end, storages);
  if (!(system.value instanceof Map) || system.value.get('little_endian') !== true)
    throw new UsageError(`cannot read ${file}: written on a big-endian machine; save it on another`);
  const content = unpickle(bytes, system.end, storages);
  const keys = unpickle(bytes, content.end, storages);
  if (!Array.isArray(keys.value)) throw invalidFile(file, 'its list of storages is missing');
  let at = keys.end;
  for (const key of keys.value as unknown[]) {
    const storage = storages.get(key);
    if (storage === undefined) throw invalidFile(file, 'it lists a storage that no tensor has');
    const head = new DataView(bytes.buffer, bytes.byteOffset + at);
    if (head.byteLength < 8) throw invalidFile(file, `storage ${printable(storage.key)} is cut short`);
    if (Number(head.getBigUint64(0, true)) !== storage.length)
      throw invalidFile(file, `storage ${printable(storage.key)} is not of the length stated`);
    const start = at + 8;
    at = start + storage.size;
    if (at > bytes.length) throw invalidFile(file, `storage ${printable(storage.key)} is cut short`);
    // Back over the length just read, to where elements of any size may lie.
    const aligned = start - ((bytes.byteOffset + start) % 8);
    bytes.copyWithin(aligned, start, at);
    places.set(storage.key, bytes.subarray(aligned, aligned + storage.size));
  }
  return content.value;
}

interface Known extends TorchStorage {
  /** Bytes. */
  readonly size: number;
}

/** The storages that a pickle names, each once. */
class Storages implements PickleContext {
  readonly globals: PickleContext['globals'];
  readonly file: string;
  private readonly known = new Map<string, Known>();
  private readonly load: (key: string, needed: number) => Uint8Array;

  constructor(file: string, load: (key: string, needed: number) => Uint8Array) {
    this.file = file;
    this.globals = torchGlobals(file);
    this.load = load;
  }

  get(key: unknown): Known | undefined {
    return typeof key === 'string' ? this.known.get(key) : undefined;
  }

  /** `('storage', class, key, device, length)` and, in old files, a part `(key, offset, length)` of it or none. */
  persistent(id: unknown): TorchStorage {
    const [kind, global, key, , length, part] = (Array.isArray(id) ? id : []) as unknown[];
    const type = (global as TypeGlobal | undefined)?.type;
    if (kind !== 'storage' || type === undefined || typeof key !== 'string' || !isSize(length))
      throw invalidFile(this.file, 'it names a storage in an unknown way');
    const storage = this.known.get(key) ?? this.open(key, type, length);
    if (storage.type !== type || storage.length !== length)
      throw invalidFile(this.file, `storage ${printable(key)} is described in two ways`);
    if (part === undefined || part === null) return storage;
    const [, offset, count] = (Array.isArray(part) ? part : []) as unknown[];
    if (!isSize(offset) || !isSize(count) || offset + count > length)
      throw invalidFile(this.file, `a part of storage ${printable(key)} does not lie in it`);
    const size = torchItemSize(type);
    return { key, type, length: count, bytes: () => storage.bytes().subarray(offset * size, (offset + count) * size) };
  }

  private open(key: string, type: TorchType, length: number): Known {
    const size = length * torchItemSize(type);
    let content: Uint8Array | undefined;
    const storage = { key, type, length, size, bytes: () => (content ??= aligned(this.load(key, size))) };
    this.known.set(key, storage);
    return storage;
  }
}

/** The bytes from a multiple of 8 on, where elements of any size may lie. */
function aligned(bytes: Uint8Array): Uint8Array {
  return bytes.byteOffset % 8 === 0 ? bytes : new Uint8Array(bytes);
}
