import { UsageError } from '../errors.js';
import { memorySource, withFileSource, type ByteSource } from './byte-source.js';
import { invalidFile, printable } from './file-bytes.js';
import { byteChunks, elementCount, itemSize, readElements } from './nd-array.js';
import type { DType, NdArray, NdData } from './nd-array.js';

const MAGIC = [0x93, 0x4e, 0x55, 0x4d, 0x50, 0x59]; // \x93NUMPY
const largestHeader = 65536;
const mostDimensions = 32; // numpy's own limit

const codes: Record<DType, string> = {
  float64: '<f8',
  float32: '<f4',
  float16: '<f2',
  int64: '<i8',
  int32: '<i4',
  int16: '<i2',
  int8: '|i1',
  uint64: '<u8',
  uint32: '<u4',
  uint16: '<u2',
  uint8: '|u1',
  bool: '|b1',
};
const dtypeOf = new Map(Object.entries(codes).map(([dtype, code]) => [code.slice(1), dtype as DType]));

/**
 * Reads a numpy `.npy` file.
 *
 * @throws UsageError as `decodeNpy`, or where the file is missing
 */
export function readNpy(file: string): NdArray {
  return withFileSource(file, (source) => decodeNpy(source, file));
}

/**
 * Decodes the array in the bytes of a numpy `.npy` file; `name` is the file's name in errors.
 *
 * Numbers and booleans of either byte order are read, in C or Fortran order (returned in C order). Objects, which would
 * have to be unpickled, texts, complex numbers and records are refused.
 *
 * @throws UsageError where it is no such array, or one cut short
 *
 * Source: `numpy/lib/format.py`, the format's description.
 */
export function decodeNpy(given: Uint8Array | ByteSource, name: string): NdArray {
  const source = given instanceof Uint8Array ? memorySource(given) : given;
  const head = source.read(0, Math.min(12, source.length));
  if (head.length < 12 || MAGIC.some((byte, i) => head[i] !== byte)) throw invalidFile(name, 'not a numpy array');
  const view = new DataView(head.buffer, head.byteOffset, head.byteLength);
  const version = head[6];
  if (version < 1 || version > 3) throw invalidFile(name, `npy version ${version} is unknown`);
  const start = version === 1 ? 10 : 12;
  const end = start + (version === 1 ? view.getUint16(8, true) : view.getUint32(8, true));
  if (end > largestHeader || end > source.length) throw invalidFile(name, 'its npy header is cut short');
  const header = new TextDecoder().decode(source.read(start, end));
  const { dtype, swapped, fortran, shape } = parseHeader(header, name);
  const expected = elementCount(shape) * itemSize(dtype);
  if (source.length - end !== expected)
    throw invalidFile(
      name,
      `it has ${source.length - end} bytes of data, and its shape [${shape.join(', ')}] takes ${expected}`,
    );
  const stored = readElements(source, dtype, end, elementCount(shape));
  if (swapped) swapBytes(stored, itemSize(dtype));
  return { dtype, shape, data: fortran ? fromFortranOrder(stored, shape) : stored };
}

/**
 * Returns the parts of a `.npy` file (version 1, C order) of the array, to be written one after the other. The array's
 * own memory is one of them, not a copy.
 *
 * @throws UsageError where data and shape disagree
 */
export function npyParts(array: NdArray): Uint8Array[] {
  const { dtype, shape, data } = array;
  if (elementCount(shape) !== data.length)
    throw new UsageError(`invalid array: ${data.length} elements; its shape is [${shape.join(', ')}]`);
  const sizes = shape.length === 1 ? `${shape[0]},` : shape.join(', ');
  const text = `{'descr': '${codes[dtype]}', 'fortran_order': False, 'shape': (${sizes}), }`;
  // The data start at a multiple of 64, for readers that map files into memory.
  const head = Buffer.alloc(Math.ceil((10 + text.length + 1) / 64) * 64, ' ');
  head.set(MAGIC);
  head.set([1, 0], 6);
  head.writeUInt16LE(head.length - 10, 8);
  head.write(text, 10, 'latin1');
  head[head.length - 1] = 0x0a;
  return [head, ...byteChunks(array)];
}

/** Encodes an array as one array of bytes. */
export function encodeNpy(array: NdArray): Uint8Array {
  return Buffer.concat(npyParts(array));
}

interface Header {
  readonly dtype: DType;
  readonly swapped: boolean;
  readonly fortran: boolean;
  readonly shape: readonly number[];
}

/** Parses a Python dictionary of exactly three keys by a pattern; it is never evaluated. */
function parseHeader(header: string, name: string): Header {
  const descr = /'descr': *(?:'([^']{0,20})'|\[)/.exec(header);
  const order = /'fortran_order': *(True|False)/.exec(header);
  const sizes = /'shape': *\(([0-9, L]*)\)/.exec(header);
  if (!/^\s*\{/.test(header) || !descr || !order || !sizes) throw invalidFile(name, 'its npy header is damaged');
  const code = (descr[1] as string | undefined) ?? 'record';
  const dtype = /^[<>=|]/.test(code) ? dtypeOf.get(code.slice(1)) : undefined;
  if (dtype === undefined)
    throw new UsageError(`cannot read ${name}: elements of type ${printable(code)}; save numbers or booleans`);
  const shape = sizes[1]
    .split(',')
    .map((size) => size.trim().replace(/L$/, ''))
    .filter((size, i, all) => !(size === '' && i === all.length - 1))
    .map((size) => (/^\d+$/.test(size) ? Number(size) : NaN));
  if (shape.length > mostDimensions || !shape.every(Number.isSafeInteger))
    throw invalidFile(name, `its shape (${printable(sizes[1])}) is not valid`);
  return { dtype, swapped: code.startsWith('>'), fortran: order[1] === 'True', shape };
}

function swapBytes(data: NdData, size: number): void {
  for (const { buffer, byteOffset, byteLength } of byteChunks({ data })) {
    const bytes = Buffer.from(buffer, byteOffset, byteLength);
    if (size === 2) bytes.swap16();
    else if (size === 4) bytes.swap32();
    else if (size === 8) bytes.swap64();
  }
}

/** Reorders elements from Fortran order (first index fastest) to C order (last index fastest). */
export function fromFortranOrder<T extends { length: number; slice(): T; [index: number]: unknown }>(
  stored: T,
  shape: readonly number[],
): T {
  // With one axis of more than one element, all orders are the same.
  if (shape.filter((size) => size !== 1).length < 2) return stored;
  const result = stored.slice();
  const strides: number[] = [];
  let stride = 1;
  for (const size of shape) {
    strides.push(stride);
    stride *= size;
  }
  const index = new Array<number>(shape.length).fill(0);
  let from = 0;
  for (let to = 0; to < stored.length; to++) {
    result[to] = stored[from];
    for (let axis = shape.length - 1; axis >= 0; axis--) {
      from += strides[axis];
      if (++index[axis] < shape[axis]) break;
      from -= strides[axis] * shape[axis];
      index[axis] = 0;
    }
  }
  return result;
}
