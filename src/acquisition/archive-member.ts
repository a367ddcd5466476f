import { UsageError } from '../errors.js';

/** A file in an archive. */
export interface ArchiveMember {
  readonly name: string;
  /** The number of bytes of its content. */
  readonly size: number;
  /** CRC-32 of its content; null where the format has none. */
  readonly crc: number | null;
  content(): AsyncIterable<Uint8Array>;
}

/** Makes the error for an archive that cannot be unpacked. */
export function damaged(file: string, problem: string): UsageError {
  return new UsageError(`invalid ${file}: ${problem}; remove it and fetch again`);
}

/** Returns a name from an archive, printable in a message. */
export function printable(name: string): string {
  return name.slice(0, 80).replace(/[^\x20-\x7e]/g, '?');
}
