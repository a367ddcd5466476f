import { crc32 } from 'node:zlib';
import { UsageError } from '../../errors.js';
import { memorySource, partOf, chunksOf, type ByteSource } from '../byte-source.js';
import { invalidFile, printable } from '../file-bytes.js';
import { Inflater } from '../inflate.js';
import { readZipDirectory, startOfMember, type ZipHeader } from './zip-directory.js';

/** A file in a zip archive. */
export interface ZipEntry {
  readonly name: string;
  /** The number of bytes of its content. */
  readonly size: number;
  /** Returns its content, checked against its checksum. @throws UsageError where it is damaged */
  read(): Uint8Array;
  /** Opens its content, to be read part by part. */
  open(): ByteSource;
}

/**
 * Lists the files in a zip archive, in the order of its directory; `file` is the archive's name in errors.
 *
 * Members may be stored or deflated, also with 64-bit sizes (as numpy and PyTorch write them); each is checked against
 * its CRC-32. Encrypted members and archives in several parts are not read.
 *
 * @throws UsageError where it is no zip archive, or one cut short, damaged or contradictory
 */
export function readZip(archive: Uint8Array | ByteSource, file: string): ZipEntry[] {
  const source = archive instanceof Uint8Array ? memorySource(archive) : archive;
  const inflater = new Inflater(file, source.length);
  const names = new Set<string>();
  return readZipDirectory(source, (what) => invalidFile(file, what))
    .filter(({ kind }) => kind !== 'folder')
    .map((header) => {
      const { name, size } = header;
      if (names.has(name)) throw invalidFile(file, `it has ${printable(name)} twice`);
      names.add(name);
      const open = (): ByteSource => openEntry(source, header, inflater, file);
      return { name, size, open, read: () => open().read(0, size) };
    });
}

function openEntry(source: ByteSource, header: ZipHeader, inflater: Inflater, file: string): ByteSource {
  const { name, encrypted, method, crc, packed, size } = header;
  const part = printable(name);
  if (encrypted) throw new UsageError(`cannot read ${file}: ${part} is encrypted; make it without a password`);
  if (method !== 0 && method !== 8)
    throw new UsageError(`cannot read ${file}: ${part} is compressed by method ${method}; use none or deflate`);
  const start = startOfMember(source, header, (what) => invalidFile(file, `${part} ${what}`));
  const damaged = invalidFile(file, `${part} is cut short or damaged`);
  if (method === 0 && packed !== size) throw damaged;
  const stored = partOf(source, start, start + packed);
  const content = method === 0 ? stored : memorySource(inflater.raw(stored.read(0, packed), part, size));
  let found = 0;
  for (const chunk of chunksOf(content)) found = crc32(chunk, found);
  if (found !== crc) throw damaged;
  return content;
}
