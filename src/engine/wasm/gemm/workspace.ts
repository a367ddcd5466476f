/** Gives access to the heap that holds the tensors. `memory` can grow: keep no view of it over an allocation. */
export interface Heap {
  readonly memory: WebAssembly.Memory;
  /** @throws Error where there is no memory left */
  allocate(bytes: number): number;
  free(address: number): void;
}

const ALIGNMENT = 64;
const KEPT = 2 ** 26; // bytes that a workspace may keep between products

/** Holds memory for one product after the other: taken block by block, freed all at once, and kept for the next. */
export class Workspace {
  private readonly heap: Heap;
  private blocks: { address: number; bytes: number }[] = [];
  private used = 0; // of the last block

  constructor(heap: Heap) {
    this.heap = heap;
  }

  /** Takes `bytes` bytes and returns their address, a multiple of 64. */
  take(bytes: number): number {
    const size = Math.ceil(bytes / ALIGNMENT) * ALIGNMENT;
    let block = this.blocks.at(-1);
    if (block === undefined || this.used + size > block.bytes) {
      const room = Math.max(size, 2 * (block?.bytes ?? 2 ** 15)) + ALIGNMENT;
      const raw = this.heap.allocate(room);
      block = { address: raw, bytes: room };
      this.blocks.push(block);
      this.used = (ALIGNMENT - (raw % ALIGNMENT)) % ALIGNMENT;
    }
    const at = block.address + this.used;
    this.used += size;
    return at;
  }

  /** Returns the address of a table that `fill` writes; `fill` gets the memory as integers and the table's index. */
  table(length: number, fill: (integers: Int32Array, at: number) => void): number {
    const address = this.take(4 * length);
    fill(new Int32Array(this.heap.memory.buffer), address / 4);
    return address;
  }

  integers(values: readonly number[]): number {
    return this.table(values.length, (integers, at) => {
      integers.set(values, at);
    });
  }

  /** Frees all that was taken; keeps one block of that size if it is not too large. */
  reset(): void {
    const total = this.blocks.reduce((sum, block) => sum + block.bytes, 0);
    if (this.blocks.length > 1 || total > KEPT) {
      for (const block of this.blocks) this.heap.free(block.address);
      this.blocks = total > KEPT ? [] : [{ address: this.heap.allocate(total), bytes: total }];
    }
    this.used = this.blocks.length === 0 ? 0 : (ALIGNMENT - (this.blocks[0].address % ALIGNMENT)) % ALIGNMENT;
  }
}
