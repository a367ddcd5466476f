import { deflateSync } from 'node:zlib';

/** Numbers of the MAT-file's types of data elements. */
export const types = {
  int8: 1,
  uint8: 2,
  int16: 3,
  uint16: 4,
  int32: 5,
  uint32: 6,
  single: 7,
  double: 9,
  int64: 12,
  uint64: 13,
  matrix: 14,
  compressed: 15,
  utf8: 16,
  utf16: 17,
} as const;

type Numbers =
  | Float64Array
  | Float32Array
  | BigInt64Array
  | BigUint64Array
  | Int32Array
  | Int16Array
  | Int8Array
  | Uint32Array
  | Uint16Array
  | Uint8Array;

/** A data element: tag and data, filled up to eight bytes; the short form where asked for. */
export function element(type: number, data: Numbers | string, { small = false } = {}): Buffer {
  const bytes =
    typeof data === 'string' ? Buffer.from(data) : Buffer.from(data.buffer, data.byteOffset, data.byteLength);
  if (small)
    return Buffer.concat([
      Buffer.from(Uint16Array.of(type, bytes.length).buffer),
      bytes,
      Buffer.alloc(4 - bytes.length),
    ]);
  const tag = Buffer.from(Uint32Array.of(type, bytes.length).buffer);
  return Buffer.concat([tag, bytes, Buffer.alloc((8 - (bytes.length % 8)) % 8)]);
}

/** An array: flags, sizes, name, then its parts. */
export function matrix(flags: number, sizes: readonly number[], name: string, ...parts: Uint8Array[]): Buffer {
  return element(
    types.matrix,
    Buffer.concat([
      element(types.uint32, Uint32Array.of(flags, 0)),
      element(types.int32, Int32Array.from(sizes)),
      element(types.int8, name, { small: name.length > 0 && name.length <= 4 }),
      ...parts,
    ]),
  );
}

/** A compressed variable. */
export function compressed(content: Uint8Array): Buffer {
  const packed = deflateSync(content);
  return Buffer.concat([Buffer.from(Uint32Array.of(types.compressed, packed.length).buffer), packed]);
}

/** A whole file of these variables. */
export function mat(...variables: Uint8Array[]): Buffer {
  const header = Buffer.alloc(128, ' ');
  header.write('MATLAB 5.0 MAT-file');
  header.fill(0, 116, 124);
  header.set([0x00, 0x01, 0x49, 0x4d], 124);
  return Buffer.concat([header, ...variables]);
}
