import { UsageError } from '../errors.js';
import { withFileSource } from './byte-source.js';

/**
 * Makes the one-line error for a file with wrong content.
 *
 * `invalid embeddings.npz: array embeddings is cut short; fetch or make it again`
 */
export function invalidFile(file: string, what: string): UsageError {
  return new UsageError(`invalid ${printable(file, 1000)}: ${what}; fetch or make it again`);
}

/** Makes text from a file printable in a message: one line, no control characters, at most `most` characters. */
export function printable(text: string, most = 60): string {
  const clean = text.replace(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}\p{Cs}]/gu, '?');
  return clean.length > most ? `${clean.slice(0, most)}...` : clean;
}

/**
 * Reads a file's bytes.
 *
 * @throws UsageError where the file is missing, unreadable, a folder, or of 4 GiB or more
 */
export function fileBytes(file: string): Uint8Array {
  return withFileSource(file, (source) => source.read(0, source.length));
}
