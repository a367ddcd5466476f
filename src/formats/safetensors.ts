import { UsageError } from '../errors.js';
import { memorySource, withFileSource, type ByteSource } from './byte-source.js';
import { invalidFile, printable } from './file-bytes.js';
import { duplicateKey } from './json-keys.js';
import { byteChunks, elementCount, itemSize, readElements } from './nd-array.js';
import type { DType, NdArray } from './nd-array.js';

const METADATA = '__metadata__';
// The format allows 100 MB; parsing a hostile header of that size would fill the memory. 150,000 tensors fit in this.
const largestHeader = 2 ** 24;

const types: Record<DType, string> = {
  float64: 'F64',
  float32: 'F32',
  float16: 'F16',
  int64: 'I64',
  int32: 'I32',
  int16: 'I16',
  int8: 'I8',
  uint64: 'U64',
  uint32: 'U32',
  uint16: 'U16',
  uint8: 'U8',
  bool: 'BOOL',
};
const dtypeOf = new Map(Object.entries(types).map(([dtype, type]) => [type, dtype as DType]));

/** The content of a safetensors file: tensors by name, in the header's order, and the texts of its `__metadata__`. */
export interface Safetensors {
  readonly tensors: Map<string, NdArray>;
  readonly metadata: Record<string, string>;
}

interface Entry {
  readonly name: string;
  readonly dtype: DType;
  readonly shape: readonly number[];
  readonly start: number;
  readonly end: number;
}

/**
 * Reads a safetensors file of any size; its values are in memory once.
 *
 * @throws UsageError as `decodeSafetensors`, or where the file is missing
 */
export function readSafetensors(file: string): Safetensors {
  return withFileSource(file, (source) => decodeSafetensors(source, file));
}

/**
 * Decodes a safetensors file's bytes; `name` is the file's name in errors.
 *
 * Layout: length of the header (8 bytes, little-endian), the header (JSON), then the tensors' bytes, which must fill
 * the rest without holes or overlaps.
 *
 * @throws UsageError where the bytes have another layout
 *
 * Source: the format's description at github.com/huggingface/safetensors.
 */
export function decodeSafetensors(given: Uint8Array | ByteSource, name: string): Safetensors {
  const source = given instanceof Uint8Array ? memorySource(given) : given;
  const { header, dataStart } = readHeader(source, name);
  const entries: Entry[] = [];
  let metadata: Record<string, string> = {};
  for (const [key, value] of Object.entries(header))
    if (key === METADATA) metadata = checkMetadata(value, name);
    else entries.push(checkEntry(key, value, name));
  checkLayout(entries, source.length - dataStart, name);
  const tensors = new Map<string, NdArray>();
  for (const { name: key, dtype, shape, start } of entries)
    tensors.set(key, { dtype, shape, data: readElements(source, dtype, dataStart + start, elementCount(shape)) });
  return { tensors, metadata };
}

/**
 * Returns the parts of a safetensors file, to be written one after the other. The tensors' own memory is among them,
 * not copied.
 *
 * Tensors of larger elements come first, as with the format's own library, so that each is aligned.
 *
 * @throws UsageError where a name occurs twice or data and shape disagree
 */
export function encodeSafetensors(
  tensors: Iterable<readonly [string, NdArray]>,
  metadata: Record<string, string> = {},
): Uint8Array[] {
  const given = [...tensors];
  const places = new Map<string, [number, number]>();
  const stored = [...given].sort(([, a], [, b]) => itemSize(b.dtype) - itemSize(a.dtype));
  let end = 0;
  for (const [name, tensor] of stored) {
    if (name === METADATA || places.has(name))
      throw new UsageError(`invalid tensor name: ${name}; each may come once, and ${METADATA} is reserved`);
    if (elementCount(tensor.shape) !== tensor.data.length)
      throw new UsageError(`invalid tensor: ${name} has ${tensor.data.length} elements; [${tensor.shape.join(', ')}]`);
    places.set(name, [end, (end += tensor.data.byteLength)]);
  }
  const header = new Map<string, unknown>(Object.keys(metadata).length > 0 ? [[METADATA, metadata]] : []);
  for (const [name, { dtype, shape }] of given)
    header.set(name, { dtype: types[dtype], shape, data_offsets: places.get(name) });
  const json = Buffer.from(JSON.stringify(Object.fromEntries(header)), 'utf8');
  const size = Math.ceil(json.length / 8) * 8;
  const head = Buffer.alloc(8 + size, ' ');
  head.writeBigUInt64LE(BigInt(size));
  json.copy(head, 8);
  return [head, ...stored.flatMap(([, tensor]) => byteChunks(tensor))];
}

/** Returns where the tensors' bytes begin in a safetensors file of at least 8 bytes. */
export function safetensorsDataStart(source: ByteSource): number {
  const { buffer, byteOffset } = source.read(0, 8);
  return 8 + Number(new DataView(buffer, byteOffset).getBigUint64(0, true));
}

function readHeader(source: ByteSource, name: string): { header: object; dataStart: number } {
  if (source.length < 8) throw invalidFile(name, 'cut short before its header');
  const dataStart = safetensorsDataStart(source);
  if (dataStart - 8 > largestHeader || dataStart > source.length)
    throw invalidFile(name, `its header of ${dataStart - 8} bytes does not fit in ${source.length}`);
  let header: unknown;
  let json: string;
  try {
    json = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(source.read(8, dataStart));
    header = JSON.parse(json);
  } catch {
    throw invalidFile(name, 'its header is not JSON');
  }
  if (!isObject(header)) throw invalidFile(name, 'its header is not a JSON object');
  const twice = duplicateKey(json);
  if (twice !== undefined) throw invalidFile(name, `its header has ${printable(twice)} twice`);
  return { header, dataStart };
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function isSize(value: unknown): value is number {
  return Number.isSafeInteger(value) && (value as number) >= 0;
}

function checkMetadata(value: unknown, file: string): Record<string, string> {
  if (!isObject(value) || Object.values(value).some((text) => typeof text !== 'string'))
    throw invalidFile(file, `its ${METADATA} holds other things than texts`);
  return value as Record<string, string>;
}

function checkEntry(name: string, value: unknown, file: string): Entry {
  const called = `tensor ${printable(name)}`;
  if (!isObject(value)) throw invalidFile(file, `${called} is not described`);
  const { dtype: type, shape, data_offsets: offsets } = value;
  const dtype = typeof type === 'string' ? dtypeOf.get(type) : undefined;
  if (dtype === undefined) {
    const known = [...dtypeOf.keys()].join(', ');
    const found = typeof type === 'string' ? printable(type) : typeof type; // nested lists could overflow the stack
    throw new UsageError(`cannot read ${file}: ${called} has dtype ${found}; readable are ${known}`);
  }
  if (!Array.isArray(shape) || !shape.every(isSize)) throw invalidFile(file, `${called} has no valid shape`);
  if (!Array.isArray(offsets) || offsets.length !== 2 || !offsets.every(isSize))
    throw invalidFile(file, `${called} has no valid data_offsets`);
  const [start, end] = offsets;
  if (end - start !== elementCount(shape) * itemSize(dtype))
    throw invalidFile(file, `${called} has ${end - start} bytes, not those of its shape [${shape.join(', ')}]`);
  return { name, dtype, shape, start, end };
}

function checkLayout(entries: readonly Entry[], bytes: number, file: string): void {
  const ordered = [...entries].sort((a, b) => a.start - b.start || a.end - b.end);
  let at = 0;
  for (const { name, start, end } of ordered) {
    if (start !== at)
      throw invalidFile(file, `tensor ${printable(name)} starts at byte ${start} instead of ${at} (overlap or gap)`);
    at = end;
  }
  if (at !== bytes) throw invalidFile(file, `its tensors take ${at} bytes of ${bytes}`);
}
