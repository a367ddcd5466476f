import { UsageError } from '../../errors.js';
import type { PoolMemory } from './thread-pool.js';

const PAGE = 65536; // bytes; the first page holds the kernels' own tables
const MAXIMUM_PAGES = 65536; // 4 GiB
const ALIGNMENT = 64;

/** Holds memory that threads share and that grows as blocks are taken from it; views stay valid when it grows. */
export class SharedArena implements PoolMemory {
  readonly memory = new WebAssembly.Memory({ initial: 2, maximum: MAXIMUM_PAGES, shared: true });
  private end = PAGE;

  /** @param purpose what the memory is for, as in `search`, @param remedy what to do if it does not suffice */
  constructor(
    private readonly purpose: string,
    private readonly remedy: string,
  ) {}

  /**
   * Returns the address of a new block, a multiple of 64; its bytes are 0.
   *
   * @throws UsageError if this would need more than the 4 GiB that WebAssembly can address
   */
  reserve(bytes: number): number {
    const at = this.end;
    this.end += Math.ceil(bytes / ALIGNMENT) * ALIGNMENT;
    if (this.end > PAGE * MAXIMUM_PAGES)
      throw new UsageError(
        `too much to ${this.purpose} at once: ${(this.end / 2 ** 30).toFixed(1)} GiB, and WebAssembly can use 4; ${this.remedy}`,
      );
    const pages = Math.ceil(this.end / PAGE) - this.memory.buffer.byteLength / PAGE;
    if (pages > 0) this.memory.grow(pages);
    return at;
  }

  floats(at: number, length: number): Float32Array {
    return new Float32Array(this.memory.buffer, at, length);
  }

  doubles(at: number, length: number): Float64Array {
    return new Float64Array(this.memory.buffer, at, length);
  }

  ints(at: number, length: number): Int32Array {
    return new Int32Array(this.memory.buffer, at, length);
  }

  shorts(at: number, length: number): Int16Array {
    return new Int16Array(this.memory.buffer, at, length);
  }
}
