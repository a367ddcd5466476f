import { UsageError } from '../../errors.js';
import type { ByteSource } from '../byte-source.js';
import { invalidFile, printable } from '../file-bytes.js';
import { unpickle } from './torch-pickle.js';
import { Storages } from './torch-storages.js';

/** The number at the beginning of files of `torch.save` before PyTorch 1.6. */
const MAGIC = 0x1950a86a20f9469cfc6cn;
const VERSION = 1001;
/** Most bytes of the pickles, which come before the storages; those of weights take a few hundred bytes a tensor. */
const mostPickleBytes = 2 ** 26;

/**
 * Reads the value in a file of `torch.save` before PyTorch 1.6: five pickles, then the storages, each after its length.
 *
 * @throws UsageError where it is none, damaged or hostile
 *
 * Source: `_legacy_load` of torch/serialization.py.
 */
export function readLegacyTorch(source: ByteSource, file: string): unknown {
  const other = new UsageError(
    `cannot read ${file}: not a file of torch.save; if it is older than PyTorch 0.1.10, save it again with a later one`,
  );
  const head = source.read(0, Math.min(source.length, mostPickleBytes));
  if (head.length < 2 || head[0] !== 0x80) throw other;
  const places = new Map<string, readonly [start: number, end: number]>();
  const storages = new Storages(file, source.length, (key) => {
    const place = places.get(key);
    if (place === undefined) throw invalidFile(file, `storage ${printable(key)} is missing`);
    return alignedBytes(source, ...place);
  });
  const magic = unpickle(head, 0, storages);
  if (magic.value !== MAGIC) throw other;
  const version = unpickle(head, magic.end, storages);
  if (version.value !== VERSION) throw invalidFile(file, 'its version is not 1001');
  const system = unpickle(head, version.end, storages);
  if (!(system.value instanceof Map) || system.value.get('little_endian') !== true)
    throw new UsageError(`cannot read ${file}: written on a big-endian machine; save it on another`);
  const content = unpickle(head, system.end, storages);
  const keys = unpickle(head, content.end, storages);
  if (!Array.isArray(keys.value)) throw invalidFile(file, 'its list of storages is missing');
  let at = keys.end;
  for (const key of keys.value as unknown[]) {
    const storage = storages.get(key);
    if (storage === undefined) throw invalidFile(file, 'it lists a storage that no tensor has');
    if (at + 8 > source.length) throw invalidFile(file, `storage ${printable(storage.key)} is cut short`);
    const { buffer, byteOffset } = source.read(at, at + 8);
    if (Number(new DataView(buffer, byteOffset).getBigUint64(0, true)) !== storage.length)
      throw invalidFile(file, `storage ${printable(storage.key)} does not have its stated length`);
    const start = at + 8;
    at = start + storage.size;
    if (at > source.length) throw invalidFile(file, `storage ${printable(storage.key)} is cut short`);
    places.set(storage.key, [start, at]);
  }
  return content.value;
}

/** Returns the bytes from a multiple of 8 on. In memory they are moved over the length before them, which was read. */
function alignedBytes(source: ByteSource, start: number, end: number): Uint8Array {
  const bytes = source.read(start, end);
  const shift = bytes.byteOffset % 8;
  if (shift === 0) return bytes;
  const whole = source.read(start - shift, end);
  whole.copyWithin(0, shift);
  return whole.subarray(0, bytes.length);
}
