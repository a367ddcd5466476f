import { MOST_MEMORY } from './decode.js';

/** The unit in which memory is counted, in bytes. */
const UNIT = 1024;
const UNITS = MOST_MEMORY / UNIT;
/** The shared numbers: whether a thread decodes alone, how many decode beside others, units of memory in use. */
const [ALONE, AMONG, MEMORY] = [0, 1, 2];

/** Makes the memory that the decoder locks of all threads of a process share. */
export const lockMemory = (): Int32Array => new Int32Array(new SharedArrayBuffer(12));

const soon = (): Promise<void> => new Promise((resolve) => setTimeout(resolve, 1));

/** Makes the decoders of all threads wait for each other. */
export class DecoderLock {
  constructor(private readonly shared: Int32Array) {}

  /** Runs work that takes `bytes` of memory once that fits beside the work of all threads. */
  async within<T>(bytes: number, work: () => Promise<T>): Promise<T> {
    const units = Math.ceil(bytes / UNIT);
    for (;;) {
      const used = Atomics.load(this.shared, MEMORY);
      if (used + units > UNITS) await soon();
      else if (Atomics.compareExchange(this.shared, MEMORY, used, used + units) === used) break;
    }
    try {
      return await work();
    } finally {
      Atomics.sub(this.shared, MEMORY, units);
    }
  }

  /** Decodes beside others and, if that fails, again alone: libvips keeps one error text for all threads. */
  twice<T>(work: () => Promise<T>): Promise<T> {
    return this.among(work).catch(() => this.alone(work));
  }

  private async among<T>(work: () => Promise<T>): Promise<T> {
    for (;;) {
      Atomics.add(this.shared, AMONG, 1);
      if (Atomics.load(this.shared, ALONE) === 0) break;
      Atomics.sub(this.shared, AMONG, 1);
      while (Atomics.load(this.shared, ALONE) !== 0) await soon();
    }
    try {
      return await work();
    } finally {
      Atomics.sub(this.shared, AMONG, 1);
    }
  }

  private async alone<T>(work: () => Promise<T>): Promise<T> {
    while (Atomics.compareExchange(this.shared, ALONE, 0, 1) !== 0) await soon();
    try {
      while (Atomics.load(this.shared, AMONG) !== 0) await soon();
      return await work();
    } finally {
      Atomics.store(this.shared, ALONE, 0);
    }
  }
}
