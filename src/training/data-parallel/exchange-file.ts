import { closeSync, existsSync, openSync, readSync, statfsSync, writeSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { UsageError } from '../../errors.js';

export type Values = Float32Array | Int32Array;

/** Says where an array lies in an exchange file. */
export interface Slot {
  readonly at: number; // bytes
  readonly length: number;
  readonly type: 'float32' | 'int32';
}

const types = { float32: Float32Array, int32: Int32Array } as const;
/** Linux's file system in memory. */
const MEMORY = '/dev/shm';

/** Bytes that must be free there; containers often have little. */
const ROOM = 2 ** 30;

/** Chooses where exchange files are made: in memory, if the system has such a file system with enough room. */
export function exchangeFolder(): string {
  if (!existsSync(MEMORY)) return tmpdir();
  const { bavail, bsize } = statfsSync(MEMORY);
  return bavail * bsize >= ROOM ? MEMORY : tmpdir();
}

const bytesOf = ({ buffer, byteOffset, byteLength }: Values): Uint8Array =>
  new Uint8Array(buffer, byteOffset, byteLength);

/**
 * A file that carries arrays from one process to another: one process writes it and the other reads it, over and over.
 * A channel between processes would take a second for a hundred megabytes.
 */
export class ExchangeFile {
  private readonly descriptor: number;

  /** @param file is made if it does not exist; who makes it removes it as soon as both sides have it open */
  constructor(file: string) {
    this.descriptor = openSync(file, existsSync(file) ? 'r+' : 'wx+', 0o600);
  }

  /**
   * Writes arrays over those of the previous call.
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
          `cannot exchange tensors between processes: ${(error as Error).message}; make ${exchangeFolder()} larger or lower num_processes`,
        );
      }
      at += bytes.length;
      return slot;
    });
  }

  /** Returns copies of the arrays at these slots. */
  read(slots: readonly Slot[]): Values[] {
    return slots.map(({ at, length, type }) => {
      const values = new types[type](length);
      const bytes = bytesOf(values);
      for (let done = 0; done < bytes.length;) {
        const count = readSync(this.descriptor, bytes, done, bytes.length - done, at + done);
        if (count === 0) throw new Error('an exchange file ends too early');
        done += count;
      }
      return values;
    });
  }

  close(): void {
    closeSync(this.descriptor);
  }
}
