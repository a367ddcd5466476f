import { createReadStream } from 'node:fs';
import { pipeline } from 'node:stream';
import { createGunzip } from 'node:zlib';
import { damaged, type ArchiveMember } from './archive-member.js';

const BLOCK = 512;
const LARGEST_NAME = 64 * 1024;
const type = { file: '0', oldFile: '\0', contiguous: '7', longName: 'L', extended: 'x' } as const;

/**
 * The files in a tar archive, gzipped or not, in order; folders, links and devices are left out.
 *
 * Names longer than a header holds are read in GNU's and POSIX's ways.
 *
 * @throws UsageError where it is damaged or cut short
 *
 * Source: POSIX.1-2017, pax, "ustar Interchange Format" and "pax Header Block".
 */
export async function* tarMembers(file: string, gzipped: boolean): AsyncGenerator<ArchiveMember> {
  const blocks = new Blocks(file, gzipped);
  let longName: string | null = null;
  try {
    for (;;) {
      const header = await blocks.next(BLOCK);
      if (header === null || header.every((byte) => byte === 0)) return;
      checkHeader(header, file);
      const size = readSize(header, file);
      const kind = String.fromCharCode(header[156]);
      if (kind === type.longName || kind === type.extended) {
        if (size > LARGEST_NAME) throw damaged(file, 'it has a name of endless length');
        const content = await blocks.next(padded(size));
        if (content === null) throw damaged(file, 'it is cut short');
        const text = content.subarray(0, size);
        longName = kind === type.longName ? textOf(text) : (extendedPath(text) ?? longName);
        continue;
      }
      const name = longName ?? headerName(header);
      longName = null;
      const isFile = kind === type.file || kind === type.oldFile || kind === type.contiguous;
      const left = { bytes: size };
      if (isFile && !name.endsWith('/')) yield { name, size, crc: null, content: () => contentOf(blocks, left, file) };
      // What the consumer did not read, and the padding.
      await blocks.skip(left.bytes + padded(size) - size);
    }
  } catch (error) {
    const code = (error as NodeJS.ErrnoException).code ?? '';
    throw code.startsWith('Z_') ? damaged(file, `not gzipped, or damaged (${code})`) : error;
  } finally {
    blocks.close();
  }
}

async function* contentOf(blocks: Blocks, left: { bytes: number }, file: string): AsyncGenerator<Uint8Array> {
  while (left.bytes > 0) {
    const chunk = await blocks.some(left.bytes);
    if (chunk === null) throw damaged(file, 'it is cut short');
    left.bytes -= chunk.length;
    yield chunk;
  }
}

/** A stream of bytes, taken in pieces of wanted sizes. */
class Blocks {
  private readonly file: string;
  private readonly source: NodeJS.ReadableStream & { destroy(): void };
  private readonly chunks: AsyncIterator<Buffer>;
  private rest: Buffer = Buffer.alloc(0);

  constructor(file: string, gzipped: boolean) {
    this.file = file;
    const raw = createReadStream(file, { highWaterMark: 1 << 18 });
    this.source = gzipped ? pipeline(raw, createGunzip(), () => undefined) : raw;
    this.chunks = this.source[Symbol.asyncIterator]() as AsyncIterator<Buffer>;
  }

  /** Up to so many bytes; null at the end. */
  async some(most: number): Promise<Buffer | null> {
    while (this.rest.length === 0) {
      const { done, value } = await this.chunks.next();
      if (done) return null;
      this.rest = value;
    }
    const piece = this.rest.subarray(0, most);
    this.rest = this.rest.subarray(piece.length);
    return piece;
  }

  /** Exactly so many bytes; null where the stream has ended before them all. */
  async next(length: number): Promise<Buffer | null> {
    const pieces: Buffer[] = [];
    for (let missing = length; missing > 0;) {
      const piece = await this.some(missing);
      if (piece === null) {
        if (missing < length) throw damaged(this.file, 'it is cut short');
        return null;
      }
      pieces.push(piece);
      missing -= piece.length;
    }
    return Buffer.concat(pieces);
  }

  async skip(length: number): Promise<void> {
    for (let missing = length; missing > 0;) {
      const piece = await this.some(missing);
      if (piece === null) throw damaged(this.file, 'it is cut short');
      missing -= piece.length;
    }
  }

  close(): void {
    this.source.destroy();
  }
}

function checkHeader(header: Buffer, file: string): void {
  let sum = 0;
  for (let i = 0; i < BLOCK; i++) sum += i >= 148 && i < 156 ? 32 : header[i];
  if (parseInt(textOf(header.subarray(148, 156)).trim(), 8) !== sum)
    throw damaged(file, 'not a tar archive, or damaged');
}

/** Octal digits or, with the first bit set, a large number of 11 bytes. */
function readSize(header: Buffer, file: string): number {
  const field = header.subarray(124, 136);
  const size = field[0] & 0x80 ? Number(field.readBigUInt64BE(4)) : parseInt(textOf(field).trim() || '0', 8);
  if (!Number.isSafeInteger(size) || size < 0) throw damaged(file, 'a file in it has no valid size');
  return size;
}

function headerName(header: Buffer): string {
  const name = textOf(header.subarray(0, 100));
  const hasPrefix = header.toString('latin1', 257, 263) === 'ustar\0';
  const prefix = hasPrefix ? textOf(header.subarray(345, 500)) : '';
  return prefix ? `${prefix}/${name}` : name;
}

/** The `path` record of a POSIX header block of records `LENGTH KEY=VALUE\n`. */
function extendedPath(text: Buffer): string | null {
  for (let at = 0; at < text.length;) {
    const length = parseInt(text.toString('latin1', at, at + 20), 10);
    if (!(length > 0)) return null;
    const record = text.toString('utf8', at, at + length);
    const found = /^\d+ path=(.*)\n$/s.exec(record);
    if (found) return found[1];
    at += length;
  }
  return null;
}

function textOf(field: Buffer): string {
  const end = field.indexOf(0);
  return field.toString('utf8', 0, end < 0 ? field.length : end);
}

function padded(size: number): number {
  return Math.ceil(size / BLOCK) * BLOCK;
}
