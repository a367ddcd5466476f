import { closeSync, openSync, readSync, statSync } from 'node:fs';
import { MissingInput, UsageError } from '../errors.js';
import { fileError } from '../file-errors.js';

/** The size of the chunks in which bytes are read, written and hashed: Node.js takes at most 2 GiB at once. */
export const CHUNK_BYTES = 2 ** 30;
/** The most bytes that one array can hold in every version of Node.js. */
const largest = 2 ** 32 - 1;

/** Bytes that are read chunk by chunk, from memory or from a file of any size. */
export interface ByteSource {
  readonly length: number;
  /** Returns the bytes from `start` to before `end`: a view of memory, or an 8-byte aligned copy of a file. */
  read(start: number, end: number): Uint8Array;
  /** Fills the target with the bytes from `start` on. */
  copyTo(target: Uint8Array, start: number): void;
}

/** Makes a source of bytes in memory. */
export function memorySource(bytes: Uint8Array): ByteSource {
  return {
    length: bytes.length,
    read: (start, end) => bytes.subarray(start, end),
    copyTo: (target, start) => target.set(bytes.subarray(start, start + target.length)),
  };
}

/** Makes a source of some bytes of another source. */
export function partOf(source: ByteSource, start: number, end: number): ByteSource {
  return {
    length: end - start,
    read: (from, to) => source.read(start + from, start + to),
    copyTo: (target, from) => source.copyTo(target, start + from),
  };
}

/** Yields the bytes of a source from `start` on, chunk by chunk. */
export function* chunksOf(source: ByteSource, start = 0, size = 2 ** 24): Generator<Uint8Array> {
  for (let at = start; at < source.length; at += size) yield source.read(at, Math.min(source.length, at + size));
}

/**
 * Calls a function with the bytes of a file. The file is closed when the function returns, so it must read by then.
 *
 * @throws UsageError where the file is missing, unreadable, a folder, or becomes shorter
 */
export function withFileSource<T>(file: string, use: (source: ByteSource) => T): T {
  let descriptor: number | undefined;
  try {
    const facts = statSync(file); // before opening, which would wait for a pipe
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
      const read = readSync(descriptor, target, at, Math.min(target.length - at, CHUNK_BYTES), start + at);
      if (read === 0)
        throw new UsageError(
          `cannot read ${file}: it became shorter while it was read; wait until nothing writes it, then run again`,
        );
      at += read;
    }
  };
  const read = (start: number, end: number): Uint8Array => {
    if (end - start > largest)
      throw new UsageError(`cannot read ${file}: ${end - start} bytes at once; the most is ${largest}`);
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
