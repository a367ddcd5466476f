import { closeSync, existsSync, openSync, readSync, statfsSync, writeSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { UsageError } from '../../errors.js';

export type Values = Float32Array | Int32Array;

/** Where numbers lie in a mailbox. */
export interface Slot {
  readonly at: number; // bytes
  readonly length: number;
  readonly type: 'float32' | 'int32';
}

const types = { float32: Float32Array, int32: Int32Array } as const;
/** Linux's files in memory. */
const MEMORY = '/dev/shm';

/** What has to be free there: containers have little. */
const ROOM = 2 ** 30;

/** Where mailboxes are made: in memory where the system has files and room there. */
export function exchangeFolder(): string {
  if (!existsSync(MEMORY)) return tmpdir();
  const { bavail, bsize } = statfsSync(MEMORY);
  return bavail * bsize >= ROOM ? MEMORY : tmpdir();
}

const bytesOf = ({ buffer, byteOffset, byteLength }: Values): Uint8Array =>
  new Uint8Array(buffer, byteOffset, byteLength);

/**
 * Numbers on their way from one process to another: a file that one writes and the other reads, the same again and again,
 * since a channel between processes takes a second for a hundred megabytes.
 */
export class ExchangeFile {
  private readonly descriptor: number;

  /** @param file made where it is not there; who makes it removes it as soon as both sides have it open */
  constructor(file: string) {
    this.descriptor = openSync(file, existsSync(file) ? 'r+' : 'wx+', 0o600);
  }

  /**
   * Puts arrays in the place of what was there.
   *
   * @throws UsageError where there is no room
   */
  write(arrays: readonly Values[]): Slot[] {
    let at = 0;
    return arrays.map((values) => {
      const slot: Slot = { at, length: values.length, type: values instanceof Int32Array ? 'int32' : 'float32' };
      const bytes = bytesOf(values);
      try {
        for (let done = 0; done < bytes.length;)
          done += writeSync(this.descriptor, bytes, done, bytes.length - done, at + done);
      } catch (error) {
        throw new UsageError(
          `no room for numbers between processes: ${(error as Error).message}; make ${exchangeFolder()} larger or lower num_processes`,
        );
      }
      at += bytes.length;
      return slot;
    });
  }

  /** Copies of what is there. */
  read(slots: readonly Slot[]): Values[] {
    return slots.map(({ at, length, type }) => {
      const values = new types[type](length);
      const bytes = bytesOf(values);
      for (let done = 0; done < bytes.length;) {
        const count = readSync(this.descriptor, bytes, done, bytes.length - done, at + done);
        if (count === 0) throw new Error('a mailbox ends too early');
        done += count;
      }
      return values;
    });
  }

  close(): void {
    closeSync(this.descriptor);
  }
}
