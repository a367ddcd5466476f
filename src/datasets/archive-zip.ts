import { closeSync, createReadStream, fstatSync, openSync, readSync } from 'node:fs';
import { createInflateRaw } from 'node:zlib';
import { Readable, pipeline } from 'node:stream';
import { damaged, printable, type ArchiveMember } from './archive-member.js';

const [END, END64, LOCATOR64, CENTRAL, LOCAL] = [0x06054b50, 0x06064b50, 0x07064b50, 0x02014b50, 0x04034b50];
const ALL_ONES = 0xffffffff;
const LARGEST_DIRECTORY = 2 ** 28;
const [STORED, DEFLATED] = [0, 8];

interface Header {
  readonly name: string;
  readonly flags: number;
  readonly method: number;
  readonly crc: number;
  readonly packed: number;
  readonly size: number;
  readonly offset: number;
  readonly link: boolean;
}

/**
 * The files in a zip archive of any size, read one by one, never as a whole: folders and links are left out.
 *
 * @throws UsageError where it is damaged or encrypted
 *
 * Source: APPNOTE.TXT, PKWARE's description of the format.
 */
export async function* zipMembers(file: string): AsyncGenerator<ArchiveMember> {
  const descriptor = openSync(file, 'r');
  try {
    const length = fstatSync(descriptor).size;
    for (const header of readDirectory(descriptor, length, file)) {
      if (header.name.endsWith('/') || header.link) continue;
      if (header.flags & 1) throw damaged(file, `${printable(header.name)} is encrypted: unpack it by hand`);
      yield {
        name: header.name,
        size: header.size,
        crc: header.crc,
        content: () => contentOf(descriptor, header, length, file),
      };
    }
  } finally {
    closeSync(descriptor);
  }
}

function contentOf(descriptor: number, header: Header, length: number, file: string): AsyncIterable<Uint8Array> {
  const local = bytesAt(descriptor, header.offset, 30, file);
  if (local.readUInt32LE(0) !== LOCAL) throw damaged(file, `${printable(header.name)} is not where it should be`);
  const start = header.offset + 30 + local.readUInt16LE(26) + local.readUInt16LE(28);
  if (start + header.packed > length) throw damaged(file, 'it is cut short');
  if (header.packed === 0) return Readable.from([]);
  const stored = createReadStream(file, { start, end: start + header.packed - 1, highWaterMark: 1 << 18 });
  if (header.method === STORED) return stored as AsyncIterable<Buffer>;
  if (header.method !== DEFLATED)
    throw damaged(file, `${printable(header.name)} is packed by method ${header.method}: unpack it by hand`);
  // The consumer of the inflated bytes sees the error, too.
  return pipeline(stored, createInflateRaw(), () => undefined) as AsyncIterable<Buffer>;
}

function* readDirectory(descriptor: number, length: number, file: string): Generator<Header> {
  const { count, start, size } = findDirectory(descriptor, length, file);
  if (size > LARGEST_DIRECTORY || start + size > length) throw damaged(file, 'its zip directory is damaged');
  const directory = bytesAt(descriptor, start, size, file);
  let at = 0;
  for (let i = 0; i < count; i++) {
    if (at + 46 > size || directory.readUInt32LE(at) !== CENTRAL) throw damaged(file, 'its zip directory is damaged');
    const nameEnd = at + 46 + directory.readUInt16LE(at + 28);
    const extraEnd = nameEnd + directory.readUInt16LE(at + 30);
    if (extraEnd > size) throw damaged(file, 'its zip directory is damaged');
    const sizes = {
      size: directory.readUInt32LE(at + 24),
      packed: directory.readUInt32LE(at + 20),
      offset: directory.readUInt32LE(at + 42),
    };
    widen(sizes, directory.subarray(nameEnd, extraEnd), file);
    yield {
      name: directory.toString('utf8', at + 46, nameEnd),
      flags: directory.readUInt16LE(at + 8),
      method: directory.readUInt16LE(at + 10),
      crc: directory.readUInt32LE(at + 16),
      link: (directory.readUInt16LE(at + 40) & 0xf000) === 0xa000,
      ...sizes,
    };
    at = extraEnd + directory.readUInt16LE(at + 32);
  }
}

/** Puts the 64-bit sizes of the extra field where the 32-bit ones say so. */
function widen(sizes: Record<'size' | 'packed' | 'offset', number>, extra: Buffer, file: string): void {
  const wanted = (['size', 'packed', 'offset'] as const).filter((key) => sizes[key] === ALL_ONES);
  if (wanted.length === 0) return;
  for (let at = 0; at + 4 <= extra.length; at += 4 + extra.readUInt16LE(at + 2)) {
    if (extra.readUInt16LE(at) !== 1) continue;
    wanted.forEach((key, i) => {
      if (at + 12 + 8 * i > extra.length) throw damaged(file, 'its zip directory is damaged');
      sizes[key] = Number(extra.readBigUInt64LE(at + 4 + 8 * i));
    });
    return;
  }
}

function findDirectory(descriptor: number, length: number, file: string) {
  const tail = Math.min(length, 22 + 0xffff);
  const bytes = bytesAt(descriptor, length - tail, tail, file);
  for (let at = tail - 22; at >= 0; at--) {
    if (bytes.readUInt32LE(at) !== END) continue;
    const found = {
      count: bytes.readUInt16LE(at + 10),
      size: bytes.readUInt32LE(at + 12),
      start: bytes.readUInt32LE(at + 16),
    };
    const large = found.count === 0xffff || found.size === ALL_ONES || found.start === ALL_ONES;
    if (!large || at < 20 || bytes.readUInt32LE(at - 20) !== LOCATOR64) return found;
    const end = bytesAt(descriptor, Number(bytes.readBigUInt64LE(at - 12)), 56, file);
    if (end.readUInt32LE(0) !== END64) throw damaged(file, 'its zip directory is damaged');
    const [count, size, start] = [32, 40, 48].map((field) => Number(end.readBigUInt64LE(field)));
    return { count, size, start };
  }
  throw damaged(file, 'not a zip archive, or cut short');
}

function bytesAt(descriptor: number, position: number, length: number, file: string): Buffer {
  const bytes = Buffer.alloc(length);
  for (let at = 0; at < length;) {
    const read =
      position + at > Number.MAX_SAFE_INTEGER ? 0 : readSync(descriptor, bytes, at, length - at, position + at);
    if (read === 0) throw damaged(file, 'it is cut short');
    at += read;
  }
  return bytes;
}
