import { closeSync, openSync, readSync, statSync } from 'node:fs';
import { MissingInput, UsageError } from '../errors.js';
import { fileError } from '../file-errors.js';

const largest = 2 ** 32 - 1;

/**
 * The one-line error for a file that is not what it should be.
 *
 * `invalid embeddings.npz: array embeddings is cut short; fetch or make it again`
 */
export function invalidFile(file: string, what: string): UsageError {
  return new UsageError(`invalid ${printable(file, 1000)}: ${what}; fetch or make it again`);
}

/** Text found in a file as it may stand in a message: on one line, no control characters, at most `most` characters. */
export function printable(text: string, most = 60): string {
  const clean = text.replace(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}\p{Cs}]/gu, '?');
  return clean.length > most ? `${clean.slice(0, most)}...` : clean;
}

/**
 * A file's bytes.
 *
 * @throws UsageError where the file is missing, unreadable, a folder, or of 4 GiB or more
 */
export function fileBytes(file: string): Uint8Array {
  let descriptor: number | undefined;
  try {
    const facts = statSync(file); // before opening, which would wait at a pipe
    if (!facts.isFile()) throw new UsageError(`cannot read ${file}: not a file; name a file`);
    if (facts.size > largest) throw new UsageError(`cannot read ${file}: ${facts.size} bytes; the most is ${largest}`);
    descriptor = openSync(file, 'r');
    const bytes = new Uint8Array(facts.size);
    let at = 0;
    while (at < bytes.length) {
      // Node reads at most 2 GiB at once.
      const read = readSync(descriptor, bytes, at, Math.min(bytes.length - at, 2 ** 30), at);
      if (read === 0) break;
      at += read;
    }
    return bytes.subarray(0, at);
  } catch (error) {
    throw explain(error, file);
  } finally {
    if (descriptor !== undefined) closeSync(descriptor);
  }
}

function explain(error: unknown, file: string): unknown {
  const code = (error as NodeJS.ErrnoException).code;
  if (code === 'ENOENT' || code === 'ENOTDIR')
    return new MissingInput(`missing file: ${file}; check the path, or fetch or make the file`);
  if (code === 'EACCES' || code === 'EPERM')
    return new UsageError(`cannot read ${file}: permission denied; make the file readable`);
  return fileError(error, { verb: 'read', path: file });
}
