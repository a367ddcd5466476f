import { kernelModule } from '../assets.js';
import { SharedArena } from '../engine/threads/shared-arena.js';
import { usesRelaxedSimd } from '../engine/wasm/relaxed-simd.js';
import { ThreadPool } from '../engine/threads/thread-pool.js';
import * as layout from './memory-layout.js';

/** Searches for neighbours with threads in one memory. */
export class NeighborPool extends SharedArena {
  private readonly pool: ThreadPool;

  /** Tells whether rows can be quantised to int7 and int8, whose products relaxed SIMD has. */
  readonly canNarrow = usesRelaxedSimd();

  /** @throws UsageError where the kernel has not been built */
  constructor(threads: number, columns: number) {
    super('search', 'give fewer queries or items');
    const { JOB_BYTES: jobBytes, TILE_BYTES, PANEL, CHUNK } = layout;
    const scratchBytes = TILE_BYTES + 4 * PANEL * Math.ceil(columns / CHUNK); // and the sums that chunks start with
    const module = kernelModule(`neighbors${this.canNarrow ? '-relaxed' : ''}`);
    this.pool = new ThreadPool(this, { module, jobBytes, scratchBytes, threads });
  }

  /** Sets a field of the job. */
  set(field: number, value: number): void {
    this.ints(this.pool.job + field, 1)[0] = value;
  }

  /** Runs tasks 0 to count - 1 of the given kind. */
  run(kind: number, count: number): void {
    this.set(layout.JOB_KIND, kind);
    this.pool.run(count);
  }

  /** Lets the threads end. */
  close(): void {
    this.pool.close();
  }
}
