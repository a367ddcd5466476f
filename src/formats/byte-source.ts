import { closeSync, openSync, readSync, statSync } from 'node:fs';
import { MissingInput, UsageError } from '../errors.js';
import { fileError } from '../file-errors.js';

/** Node.js reads, writes and hashes at most 2 GiB at once. */
export const pieceSize = 2 ** 30;
/** The most bytes that one array of bytes holds in every version of Node.js. */
const largest = 2 ** 32 - 1;

/** Bytes that are read in pieces: those in memory, or those of a file of any size. */
export interface ByteSource {
  readonly length: number;
  /** The bytes from `start` to before `end`: of memory a view, of a file a copy that starts at a multiple of 8. */
  read(start: number, end: number): Uint8Array;
  /** Fills the target with the bytes from `start` on. */
  copyTo(target: Uint8Array, start: number): void;
}

/** Bytes in memory. */
export function memorySource(bytes: Uint8Array): ByteSource {
  return {
    length: bytes.length,
    read: (start, end) => bytes.subarray(start, end),
    copyTo: (target, start) => target.set(bytes.subarray(start, start + target.length)),
  };
}

/** Some bytes of another source, as a source of their own. */
export function partOf(source: ByteSource, start: number, end: number): ByteSource {
  return {
    length: end - start,
    read: (from, to) => source.read(start + from, start + to),
    copyTo: (target, from) => source.copyTo(target, start + from),
  };
}

/** The bytes of a source from `start` on, one piece after the other. */
export function* piecesOf(source: ByteSource, start = 0, size = 2 ** 24): Generator<Uint8Array> {
  for (let at = start; at < source.length; at += size) yield source.read(at, Math.min(source.length, at + size));
}

/**
 * Calls with the bytes of a file, which is closed afterwards; what is read of it must be read by then.
 *
 * @throws UsageError where the file is missing, unreadable, a folder, or grows shorter
 */
export function withFileSource<T>(file: string, use: (source: ByteSource) => T): T {
  let descriptor: number | undefined;
  try {
    const facts = statSync(file); // before opening, which would wait at a pipe
    if (!facts.isFile()) throw new UsageError(`cannot read ${file}: not a file; name a file`);
    descriptor = openSync(file, 'r');
    return use(fileSource(file, descriptor, facts.size));
  } catch (error) {
    throw explain(error, file);
  } finally {
    if (descriptor !== undefined) closeSync(descriptor);
  }
}

function fileSource(file: string, descriptor: number, length: number): ByteSource {
  const copyTo = (target: Uint8Array, start: number): void => {
    for (let at = 0; at < target.length;) {
      const read = readSync(descriptor, target, at, Math.min(target.length - at, pieceSize), start + at);
      if (read === 0)
        throw new UsageError(`cannot read ${file}: it ends early; let what writes it end, then try again`);
      at += read;
    }
  };
  const read = (start: number, end: number): Uint8Array => {
    if (end - start > largest)
      throw new UsageError(`cannot read ${file}: ${end - start} bytes in one piece; the most is ${largest}`);
    const bytes = new Uint8Array(end - start);
    copyTo(bytes, start);
    return bytes;
  };
  return { length, read, copyTo };
}

function explain(error: unknown, file: string): unknown {
  const code = (error as NodeJS.ErrnoException).code;
  if (code === 'ENOENT' || code === 'ENOTDIR')
    return new MissingInput(`missing file: ${file}; check the path, or fetch or make the file`);
  if (code === 'EACCES' || code === 'EPERM')
    return new UsageError(`cannot read ${file}: permission denied; make the file readable`);
  return fileError(error, { verb: 'read', path: file });
}
