import { crc32 } from 'node:zlib';

const ALL_ONES = 0xffffffff;
const STORED = 0;
/** The flag of UTF-8 names. */
const FLAGS = 0x0800;
/** The first day of the zip format, so that the same contents give the same bytes. */
const DATE = 0x0021;

/** A file to be stored, with its content in parts. */
export interface StoredFile {
  readonly name: string;
  readonly parts: readonly Uint8Array[];
}

/**
 * Returns the parts of a zip archive of the files, uncompressed, to be written one after the other. The contents' own
 * memory is among them, not copied. Sizes and positions of 4 GiB and more are in 64-bit records, as numpy and Python's
 * `zipfile` write them.
 *
 * @param limit the size from which on 64-bit records are used
 *
 * Source: APPNOTE.TXT, PKWARE's description of the format, 4.3 and 4.5.3.
 */
export function storedZip(files: readonly StoredFile[], limit = ALL_ONES): Uint8Array[] {
  const written: Uint8Array[] = [];
  const directory: Buffer[] = [];
  let at = 0;
  for (const { name, parts } of files) {
    const size = parts.reduce((sum, part) => sum + part.length, 0);
    const crc = parts.reduce((sum, part) => crc32(part, sum), 0);
    const local = header(0x04034b50, Buffer.from(name), crc, size, null, limit);
    directory.push(header(0x02014b50, Buffer.from(name), crc, size, at, limit));
    written.push(local, ...parts);
    at += local.length + size;
  }
  return [...written, ...directory, endOf(directory, at, limit)];
}

/** Returns the header before a file (`offset` null) or in the directory. */
function header(
  signature: number,
  name: Buffer,
  crc: number,
  size: number,
  offset: number | null,
  limit: number,
): Buffer {
  const wide = [size, size, ...(offset === null ? [] : [offset])].some((value) => value >= limit);
  const extra = wide ? words64(offset === null ? [size, size] : [size, size, offset]) : Buffer.alloc(0);
  const shown = (value: number): number => (wide ? ALL_ONES : value);
  const version = wide ? 45 : 20;
  const made = offset === null ? [] : [version];
  const first = [version, FLAGS, STORED, 0, DATE];
  const last = offset === null ? [] : [0, 0, 0, 0, 0];
  return Buffer.concat([
    words32([signature]),
    words16([...made, ...first]),
    words32([crc, shown(size), shown(size)]),
    words16([name.length, wide ? extra.length + 4 : 0, ...last]),
    words32(offset === null ? [] : [shown(offset)]),
    name,
    ...(wide ? [words16([1, extra.length]), extra] : []),
  ]);
}

function endOf(directory: readonly Buffer[], start: number, limit: number): Buffer {
  const size = directory.reduce((sum, entry) => sum + entry.length, 0);
  const count = directory.length;
  const wide = start >= limit || size >= limit || count >= 0xffff;
  const record = [words32([0x06064b50]), words64([44]), words16([45, 45]), words32([0, 0])];
  const wideEnd = [
    ...record,
    words64([count, count, size, start]),
    words32([0x07064b50, 0]),
    words64([start + size]),
    words32([1]),
  ];
  const shown = wide ? [0xffff, 0xffff] : [count, count];
  return Buffer.concat([
    ...(wide ? wideEnd : []),
    words32([0x06054b50]),
    words16([0, 0, ...shown]),
    words32(wide ? [ALL_ONES, ALL_ONES] : [size, start]),
    words16([0]),
  ]);
}

function words16(values: readonly number[]): Buffer {
  return Buffer.from(Uint16Array.from(values).buffer);
}

function words32(values: readonly number[]): Buffer {
  return Buffer.from(Uint32Array.from(values).buffer);
}

function words64(values: readonly number[]): Buffer {
  return Buffer.from(BigUint64Array.from(values, BigInt).buffer);
}
