import { createReadStream } from 'node:fs';
import { Readable, pipeline } from 'node:stream';
import { createInflateRaw } from 'node:zlib';
import { withFileSource } from '../formats/byte-source.js';
import { readZipDirectory, startOfMember, type ZipHeader } from '../formats/zip/zip-directory.js';
import { damaged, printable, type ArchiveMember } from './archive-member.js';

const [STORED, DEFLATED] = [0, 8];

/**
 * Yields the files in a zip archive of any size, without folders and links; the archive is never in memory as a whole.
 *
 * @throws UsageError where it is damaged or encrypted
 */
export async function* zipMembers(file: string): AsyncGenerator<ArchiveMember> {
  const headers = withFileSource(file, (source) => readZipDirectory(source, (what) => damaged(file, what)));
  for (const header of headers) {
    if (header.kind !== 'file') continue;
    if (header.encrypted) throw damaged(file, `${printable(header.name)} is encrypted: unpack it by hand`);
    const { name, size, crc } = header;
    yield { name, size, crc, content: () => contentOf(header, file) };
  }
}

function contentOf(header: ZipHeader, file: string): AsyncIterable<Uint8Array> {
  const name = printable(header.name);
  const fail = (what: string): Error => damaged(file, `${name} ${what}`);
  const start = withFileSource(file, (source) => startOfMember(source, header, fail));
  if (header.packed === 0) return Readable.from([]);
  const stored = createReadStream(file, { start, end: start + header.packed - 1, highWaterMark: 1 << 18 });
  if (header.method === STORED) return stored as AsyncIterable<Buffer>;
  if (header.method !== DEFLATED)
    throw damaged(file, `${name} is packed by method ${header.method}: unpack it by hand`);
  // The consumer of the inflated bytes also receives the error.
  return pipeline(stored, createInflateRaw(), () => undefined) as AsyncIterable<Buffer>;
}
