import type { ByteSource } from '../byte-source.js';

const [END, END64, LOCATOR64, CENTRAL, LOCAL] = [0x06054b50, 0x06064b50, 0x07064b50, 0x02014b50, 0x04034b50];
const ALL_ONES = 0xffffffff;
const longestComment = 0xffff;
const largestDirectory = 2 ** 26;

/** A member as the directory of a zip archive describes it. */
export interface ZipHeader {
  readonly name: string;
  /** A folder by its name, a symbolic link by its attributes, else a file. */
  readonly kind: 'file' | 'folder' | 'link';
  readonly encrypted: boolean;
  /** 0: stored, 8: deflated. */
  readonly method: number;
  readonly crc: number;
  /** Bytes in the archive, and of the content. */
  readonly packed: number;
  readonly size: number;
  /** The position of its local header. */
  readonly offset: number;
}

/** Makes the error for a problem of the archive. */
type Fail = (what: string) => Error;

/** Do these bytes end as a zip archive does? Other bytes may come before the archive. */
export function endsAsZip(source: ByteSource): boolean {
  return findEnd(tailOf(source)) >= 0;
}

/**
 * Reads the members of a zip archive, in the order of its directory, also with 64-bit sizes and after other bytes.
 *
 * Members that overlap are refused: with them a small archive could expand to endless data.
 *
 * Source: APPNOTE.TXT, PKWARE's description of the format.
 */
export function readZipDirectory(source: ByteSource, fail: Fail): ZipHeader[] {
  const { count, start, end, shift } = findDirectory(source, fail);
  const bytes = source.read(start, end);
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const headers: ZipHeader[] = [];
  const damaged = 'its zip directory is damaged';
  let at = 0;
  let packed = 0;
  for (let i = 0; i < count; i++) {
    if (at + 46 > bytes.length || view.getUint32(at, true) !== CENTRAL) throw fail(damaged);
    const nameEnd = at + 46 + view.getUint16(at + 28, true);
    const extraEnd = nameEnd + view.getUint16(at + 30, true);
    const next = extraEnd + view.getUint16(at + 32, true);
    if (next > bytes.length) throw fail(damaged);
    const header = readHeader(view, bytes.subarray(at + 46, nameEnd), at, extraEnd, shift);
    headers.push(header);
    packed += header.packed;
    if (packed > source.length) throw fail('its members are larger than itself');
    at = next;
  }
  if (at !== bytes.length) throw fail(damaged);
  return headers;
}

/** Returns where the packed bytes of a member begin; its local header must agree with the directory. */
export function startOfMember(source: ByteSource, { name, method, packed, offset }: ZipHeader, fail: Fail): number {
  const damaged = () => fail('is cut short or damaged');
  if (offset + 30 > source.length) throw damaged();
  const bytes = source.read(offset, offset + 30);
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const nameEnd = offset + 30 + view.getUint16(26, true);
  const start = nameEnd + view.getUint16(28, true);
  if (view.getUint32(0, true) !== LOCAL || view.getUint16(8, true) !== method) throw damaged();
  if (start + packed > source.length || textOf(source.read(offset + 30, nameEnd)) !== name) throw damaged();
  return start;
}

function readHeader(view: DataView, name: Uint8Array, at: number, extraEnd: number, shift: number): ZipHeader {
  const short = [24, 20, 42].map((field) => view.getUint32(at + field, true));
  const [size, packed, offset] = widened(view, at + 46 + name.length, extraEnd, short);
  const called = textOf(name);
  const link = (view.getUint16(at + 40, true) & 0xf000) === 0xa000;
  return {
    name: called,
    kind: called.endsWith('/') ? 'folder' : link ? 'link' : 'file',
    encrypted: (view.getUint16(at + 8, true) & 1) === 1,
    method: view.getUint16(at + 10, true),
    crc: view.getUint32(at + 16, true),
    packed,
    size,
    offset: offset + shift,
  };
}

/** Replaces values of 0xffffffff by their 64 bits, which the extra field of kind 1 has in the same order. */
function widened(view: DataView, start: number, end: number, values: readonly number[]): number[] {
  for (let at = start; at + 4 <= end; at += 4 + view.getUint16(at + 2, true)) {
    if (view.getUint16(at, true) !== 1) continue;
    let next = at + 4;
    const last = Math.min(end, next + view.getUint16(at + 2, true));
    return values.map((value) => {
      if (value !== ALL_ONES || next + 8 > last) return value;
      next += 8;
      return wide(view, next - 8);
    });
  }
  return [...values];
}

/** Finds the directory, and the shift of all positions by bytes before the archive. */
function findDirectory(source: ByteSource, fail: Fail): { count: number; start: number; end: number; shift: number } {
  const cutShort = fail('not a zip archive, or cut short');
  const tail = tailOf(source);
  const found = findEnd(tail);
  if (found < 0) throw cutShort;
  const view = new DataView(tail.buffer, tail.byteOffset, tail.byteLength);
  const end = source.length - tail.length + found;
  const short = {
    count: view.getUint16(found + 10, true),
    size: view.getUint32(found + 12, true),
    start: view.getUint32(found + 16, true),
    end,
  };
  const directory = wideDirectory(source, end) ?? short;
  const { count, size, start } = directory;
  const shift = directory.end - size - start;
  if (!(shift >= 0)) throw cutShort;
  if (size > largestDirectory) throw fail(`its zip directory has more than ${largestDirectory} bytes`);
  return { count, start: start + shift, end: directory.end, shift };
}

/** Reads the 64-bit end record, which a locator before the archive's end points to. */
function wideDirectory(source: ByteSource, end: number) {
  if (end < 76) return undefined;
  const at = end - 76;
  const bytes = source.read(at, end);
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  if (view.getUint32(56, true) !== LOCATOR64 || view.getUint32(0, true) !== END64) return undefined;
  return { count: wide(view, 32), size: wide(view, 40), start: wide(view, 48), end: at };
}

function tailOf(source: ByteSource): Uint8Array {
  return source.read(Math.max(0, source.length - 22 - longestComment), source.length);
}

/** Finds the record at the archive's end in its last bytes (a comment may follow it); -1 if there is none. */
function findEnd(tail: Uint8Array): number {
  const view = new DataView(tail.buffer, tail.byteOffset, tail.byteLength);
  for (let at = tail.length - 22; at >= 0; at--)
    if (view.getUint32(at, true) === END && at + 22 + view.getUint16(at + 20, true) === tail.length) return at;
  return -1;
}

function wide(view: DataView, at: number): number {
  return Number(view.getBigUint64(at, true));
}

function textOf(bytes: Uint8Array): string {
  return new TextDecoder().decode(bytes);
}
