import { createReadStream } from 'node:fs';
import { pipeline } from 'node:stream';
import { createGunzip } from 'node:zlib';
import { damaged, printable, type ArchiveMember } from './archive-member.js';

const BLOCK = 512;
const LARGEST_NAME = 64 * 1024;
const type = { longName: 'L', extended: 'x', sparse: 'S' } as const;
const files = ['0', '\0', '7', type.sparse];
/** Types of links, devices, folders and pipes: no content follows, whatever size their header gives. */
const withoutContent = ['1', '2', '3', '4', '5', '6'];

// Own code: tar-stream reads beyond the archive's end, and waits for ever where a header's size is damaged (0x81).

/**
 * Yields the files in a tar archive, gzipped or not, in order, without folders, links and devices.
 *
 * Names that are too long for a header, and sizes of 8 GiB and more, are read in GNU's and POSIX's forms. Nothing after
 * the archive's end is read.
 *
 * @throws UsageError where it is damaged or cut short, or a sparse file is read
 *
 * Source: POSIX.1-2017, pax, "ustar Interchange Format" and "pax Header Block".
 */
export async function* tarMembers(file: string, gzipped: boolean): AsyncGenerator<ArchiveMember> {
  const blocks = new Blocks(file, gzipped);
  let longName: string | undefined;
  let records: ReadonlyMap<string, string> = new Map();
  try {
    for (;;) {
      const header = await blocks.next(BLOCK);
      if (header === null || header.every((byte) => byte === 0)) return;
      checkHeader(header, file);
      const kind = kindOf(header);
      if (kind === type.longName || kind === type.extended) {
        const size = readSize(header, file);
        if (size > LARGEST_NAME) throw damaged(file, 'a name in it is too long');
        const content = await blocks.next(padded(size));
        if (content === null) throw damaged(file, 'it is cut short');
        const text = content.subarray(0, size);
        if (kind === type.longName) longName = textOf(text);
        else records = extendedRecords(text);
        continue;
      }
      const member = memberOf(header, file, records, longName);
      longName = undefined;
      records = new Map();
      const { name, size } = member;
      if (files.includes(kind) && !name.endsWith('/'))
        yield { name, size, crc: null, content: () => contentOf(blocks, member, file) };
      // Skips what the consumer did not read, and the padding.
      await blocks.skip(member.left + padded(size) - size);
    }
  } catch (error) {
    const code = (error as NodeJS.ErrnoException).code ?? '';
    throw code.startsWith('Z_') ? damaged(file, `not gzipped, or damaged (${code})`) : error;
  } finally {
    blocks.close();
  }
}

/** A member, and how many of its bytes are still to come. */
interface TarMember {
  readonly name: string;
  readonly size: number;
  readonly sparse: boolean;
  left: number;
}

/** Reads a member's header; header blocks before it have priority. */
function memberOf(header: Buffer, file: string, records: ReadonlyMap<string, string>, longName?: string): TarMember {
  const kind = kindOf(header);
  const told = records.get('size');
  const stated = told === undefined ? readSize(header, file) : checkedSize(Number(told), file);
  const size = withoutContent.includes(kind) ? 0 : stated;
  return {
    name: records.get('path') ?? longName ?? headerName(header),
    size,
    sparse: kind === type.sparse || [...records.keys()].some((key) => key.startsWith('GNU.sparse.')),
    left: size,
  };
}

async function* contentOf(blocks: Blocks, member: TarMember, file: string): AsyncGenerator<Uint8Array> {
  if (member.sparse) throw damaged(file, `${printable(member.name)} is a sparse file: unpack it by hand`);
  while (member.left > 0) {
    const chunk = await blocks.some(member.left);
    if (chunk === null) throw damaged(file, 'it is cut short');
    member.left -= chunk.length;
    yield chunk;
  }
}

/** A stream of bytes, read in blocks of wanted lengths. */
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

  /** Returns at most this many bytes; null at the end. */
  async some(most: number): Promise<Buffer | null> {
    while (this.rest.length === 0) {
      const { done, value } = await this.chunks.next();
      if (done) return null;
      this.rest = value;
    }
    const chunk = this.rest.subarray(0, most);
    this.rest = this.rest.subarray(chunk.length);
    return chunk;
  }

  /** Returns exactly this many bytes; null where the stream ends before. */
  async next(length: number): Promise<Buffer | null> {
    const chunks: Buffer[] = [];
    for (let missing = length; missing > 0;) {
      const chunk = await this.some(missing);
      if (chunk === null) {
        if (missing < length) throw damaged(this.file, 'it is cut short');
        return null;
      }
      chunks.push(chunk);
      missing -= chunk.length;
    }
    return Buffer.concat(chunks);
  }

  async skip(length: number): Promise<void> {
    for (let missing = length; missing > 0;) {
      const chunk = await this.some(missing);
      if (chunk === null) throw damaged(this.file, 'it is cut short');
      missing -= chunk.length;
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

const kindOf = (header: Buffer): string => String.fromCharCode(header[156]);

/** Reads octal digits or, with the first bit set, a large number of 11 bytes. */
function readSize(header: Buffer, file: string): number {
  const field = header.subarray(124, 136);
  return checkedSize(
    field[0] & 0x80 ? Number(field.readBigUInt64BE(4)) : parseInt(textOf(field).trim() || '0', 8),
    file,
  );
}

function checkedSize(size: number, file: string): number {
  if (!Number.isSafeInteger(size) || size < 0) throw damaged(file, 'a file in it has no valid size');
  return size;
}

function headerName(header: Buffer): string {
  const name = textOf(header.subarray(0, 100));
  const hasPrefix = header.toString('latin1', 257, 263) === 'ustar\0';
  const prefix = hasPrefix ? textOf(header.subarray(345, 500)) : '';
  return prefix ? `${prefix}/${name}` : name;
}

/** Parses the records `LENGTH KEY=VALUE\n` of a POSIX header block. */
function extendedRecords(text: Buffer): Map<string, string> {
  const records = new Map<string, string>();
  for (let at = 0; at < text.length;) {
    const length = parseInt(text.toString('latin1', at, at + 20), 10);
    if (!(length > 0)) break;
    const found = /^\d+ ([^=]+)=(.*)\n$/s.exec(text.toString('utf8', at, at + length));
    if (found) records.set(found[1], found[2]);
    at += length;
  }
  return records;
}

function textOf(field: Buffer): string {
  const end = field.indexOf(0);
  return field.toString('utf8', 0, end < 0 ? field.length : end);
}

function padded(size: number): number {
  return Math.ceil(size / BLOCK) * BLOCK;
}
