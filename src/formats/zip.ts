import crc32 from 'crc-32';
import { UsageError } from '../errors.js';
import { invalidFile, printable } from './file-bytes.js';
import { Inflater } from './inflate.js';

const END = 0x06054b50;
const END64 = 0x06064b50;
const LOCATOR64 = 0x07064b50;
const CENTRAL = 0x02014b50;
const LOCAL = 0x04034b50;

/** A member of a zip archive. */
export interface ZipEntry {
  readonly name: string;
  /** Bytes of its content. */
  readonly size: number;
  /** Its content, checked against its checksum; throws UsageError where damaged. */
  read(): Uint8Array;
}

interface Header {
  readonly name: string;
  readonly flags: number;
  readonly method: number;
  readonly crc: number;
  readonly packed: number;
  readonly size: number;
  readonly offset: number;
}

/**
 * The members of a zip archive, in the order of its directory; `file` is what errors call it.
 *
 * Stored and deflated members, also with 64-bit sizes (numpy and PyTorch write such); each is checked against its
 * CRC-32. Not read: encrypted members, archives in several parts.
 *
 * @throws UsageError where it is no zip archive, or one cut short, damaged or contradictory
 *
 * Source: APPNOTE.TXT, PKWARE's description of the format.
 */
export function readZip(bytes: Uint8Array, file: string): ZipEntry[] {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const { count, start, end } = findDirectory(view, file);
  const inflater = new Inflater(file, bytes.length);
  const entries: ZipEntry[] = [];
  const names = new Set<string>();
  let at = start;
  let packed = 0;
  for (let i = 0; i < count; i++) {
    if (at + 46 > end || view.getUint32(at, true) !== CENTRAL) throw invalidFile(file, 'its zip directory is damaged');
    const [nameLength, extraLength, commentLength] = [28, 30, 32].map((field) => view.getUint16(at + field, true));
    const next = at + 46 + nameLength + extraLength + commentLength;
    if (next > end) throw invalidFile(file, 'its zip directory is damaged');
    const header = readHeader(view, bytes, at, nameLength, extraLength);
    if (names.has(header.name)) throw invalidFile(file, `it has ${printable(header.name)} twice`);
    names.add(header.name);
    packed += header.packed;
    // Members that overlap could make a small archive mean endless data.
    if (packed > bytes.length) throw invalidFile(file, 'its members are larger than itself');
    const { name, size } = header;
    entries.push({ name, size, read: () => readEntry(view, bytes, header, inflater, file) });
    at = next;
  }
  if (at !== end) throw invalidFile(file, 'its zip directory is damaged');
  return entries;
}

/** Where the directory lies, from the record at the archive's end (behind which a comment may stand). */
function findDirectory(view: DataView, file: string): { count: number; start: number; end: number } {
  const cutShort = invalidFile(file, 'not a zip archive, or cut short');
  for (let at = view.byteLength - 22; at >= Math.max(0, view.byteLength - 22 - 0xffff); at--) {
    if (view.getUint32(at, true) !== END || at + 22 + view.getUint16(at + 20, true) !== view.byteLength) continue;
    const short = {
      count: view.getUint16(at + 10, true),
      start: view.getUint32(at + 16, true),
      size: view.getUint32(at + 12, true),
    };
    const { count, start, size } = wideDirectory(view, at) ?? short;
    if (start + size > at) throw cutShort;
    return { count, start, end: start + size };
  }
  throw cutShort;
}

function wideDirectory(view: DataView, end: number): { count: number; start: number; size: number } | undefined {
  if (end < 20 || view.getUint32(end - 20, true) !== LOCATOR64) return undefined;
  const at = wide(view, end - 12);
  if (at + 56 > end || view.getUint32(at, true) !== END64) return undefined;
  return { count: wide(view, at + 32), start: wide(view, at + 48), size: wide(view, at + 40) };
}

function wide(view: DataView, at: number): number {
  return Number(view.getBigUint64(at, true));
}

function readHeader(view: DataView, bytes: Uint8Array, at: number, nameLength: number, extraLength: number): Header {
  const nameEnd = at + 46 + nameLength;
  const short = [24, 20, 42].map((field) => view.getUint32(at + field, true));
  const [size, packed, offset] = widened(view, nameEnd, nameEnd + extraLength, short);
  return {
    name: new TextDecoder().decode(bytes.subarray(at + 46, nameEnd)),
    flags: view.getUint16(at + 8, true),
    method: view.getUint16(at + 10, true),
    crc: view.getUint32(at + 16, true),
    packed,
    size,
    offset,
  };
}

/** Values of 0xffffffff stand, in the same order, as 64 bits in the extra field of kind 1. */
function widened(view: DataView, start: number, end: number, values: readonly number[]): number[] {
  for (let at = start; at + 4 <= end; at += 4 + view.getUint16(at + 2, true)) {
    if (view.getUint16(at, true) !== 1) continue;
    let next = at + 4;
    const last = Math.min(end, next + view.getUint16(at + 2, true));
    return values.map((value) => {
      if (value !== 0xffffffff || next + 8 > last) return value;
      next += 8;
      return wide(view, next - 8);
    });
  }
  return [...values];
}

function readEntry(view: DataView, bytes: Uint8Array, header: Header, inflater: Inflater, file: string): Uint8Array {
  const { name, flags, method, crc, packed, size, offset } = header;
  const part = printable(name);
  if (flags & 1) throw new UsageError(`cannot read ${file}: ${part} is encrypted; make it without a password`);
  if (method !== 0 && method !== 8)
    throw new UsageError(`cannot read ${file}: ${part} is compressed by method ${method}; use none or deflate`);
  const damaged = invalidFile(file, `${part} is cut short or damaged`);
  if (offset + 30 > bytes.length || view.getUint32(offset, true) !== LOCAL) throw damaged;
  const nameLength = view.getUint16(offset + 26, true);
  const start = offset + 30 + nameLength + view.getUint16(offset + 28, true);
  if (start + packed > bytes.length) throw damaged;
  const localName = new TextDecoder().decode(bytes.subarray(offset + 30, offset + 30 + nameLength));
  if (localName !== name || view.getUint16(offset + 8, true) !== method) throw damaged;
  if (method === 0 && packed !== size) throw damaged;
  const stored = bytes.subarray(start, start + packed);
  const content = method === 0 ? stored : inflater.raw(stored, part, size);
  if (crc32.buf(content) >>> 0 !== crc) throw damaged;
  return content;
}
