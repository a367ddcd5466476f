import { CHUNK_BYTES, type ByteSource } from './byte-source.js';

/** Element types of stored arrays, named as numpy names them. */
export type DType =
  | 'float64'
  | 'float32'
  | 'float16'
  | 'int64'
  | 'int32'
  | 'int16'
  | 'int8'
  | 'uint64'
  | 'uint32'
  | 'uint16'
  | 'uint8'
  | 'bool';

/** The elements of an array; float16 as the 16 bits of each, bool as 0 and 1. */
export type NdData =
  | Float64Array
  | Float32Array
  | BigInt64Array
  | Int32Array
  | Int16Array
  | Int8Array
  | BigUint64Array
  | Uint32Array
  | Uint16Array
  | Uint8Array;

/** An array of any number of dimensions, as in files: elements in C order (last index fastest). */
export interface NdArray {
  readonly dtype: DType;
  readonly shape: readonly number[];
  readonly data: NdData;
}

type Holder = (new (length: number) => NdData) &
  (new (buffer: ArrayBufferLike) => NdData) & { readonly BYTES_PER_ELEMENT: number };

const holders: Record<DType, Holder> = {
  float64: Float64Array,
  float32: Float32Array,
  float16: Uint16Array,
  int64: BigInt64Array,
  int32: Int32Array,
  int16: Int16Array,
  int8: Int8Array,
  uint64: BigUint64Array,
  uint32: Uint32Array,
  uint16: Uint16Array,
  uint8: Uint8Array,
  bool: Uint8Array,
};

/** Names of all element types. */
export const dtypes = Object.keys(holders) as readonly DType[];

/** Returns the bytes of one element. */
export function itemSize(dtype: DType): number {
  return holders[dtype].BYTES_PER_ELEMENT;
}

/** Returns the number of elements: the product of the shape (1 for a scalar's empty shape). */
export function elementCount(shape: readonly number[]): number {
  return shape.reduce((product, size) => product * size, 1);
}

/** Returns this many elements, all 0. */
export function zeros(dtype: DType, length: number): NdData {
  return new holders[dtype](length);
}

/** Decodes the elements in little-endian bytes, as a copy: `[bytes / itemSize]`. */
export function fromBytes(dtype: DType, bytes: Uint8Array): NdData {
  const copy = new Uint8Array(bytes.length - (bytes.length % itemSize(dtype)));
  copy.set(bytes.subarray(0, copy.length));
  return new holders[dtype](copy.buffer);
}

/** Returns the array's elements as little-endian bytes, not copied. */
export function toBytes(array: NdArray): Uint8Array {
  return new Uint8Array(array.data.buffer, array.data.byteOffset, array.data.byteLength);
}

/** Returns the elements as little-endian bytes in chunks of at most 1 GiB, for arrays of any size. */
export function byteChunks({ data }: Pick<NdArray, 'data'>): Uint8Array[] {
  const { buffer, byteOffset, byteLength } = data;
  return Array.from(
    { length: Math.ceil(byteLength / CHUNK_BYTES) },
    (_, i) => new Uint8Array(buffer, byteOffset + i * CHUNK_BYTES, Math.min(CHUNK_BYTES, byteLength - i * CHUNK_BYTES)),
  );
}

/** Reads this many elements from the little-endian bytes of a source, from `start` on, into memory of their own. */
export function readElements(source: ByteSource, dtype: DType, start: number, count: number): NdData {
  const data = zeros(dtype, count);
  let at = start;
  for (const chunk of byteChunks({ data })) {
    source.copyTo(chunk, at);
    at += chunk.length;
  }
  return data;
}

/** Converts the array's elements to float32: `[elements] float32`, not copied where they are float32. */
export function toFloat32(array: NdArray): Float32Array {
  const { dtype, data } = array;
  if (data instanceof Float32Array) return data;
  const result = new Float32Array(data.length);
  if (dtype === 'float16') for (let i = 0; i < data.length; i++) result[i] = halfToNumber(Number(data[i]));
  else for (let i = 0; i < data.length; i++) result[i] = Number(data[i]);
  return result;
}

/** Returns the number that 16 bits of IEEE 754 binary16 stand for. */
export function halfToNumber(bits: number): number {
  const sign = bits & 0x8000 ? -1 : 1;
  const exponent = (bits >> 10) & 0x1f;
  const fraction = bits & 0x3ff;
  if (exponent === 0) return sign * fraction * 2 ** -24;
  if (exponent === 0x1f) return fraction === 0 ? sign * Infinity : NaN;
  return sign * (1024 + fraction) * 2 ** (exponent - 25);
}
