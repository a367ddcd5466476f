import type { NeighborPool } from './neighbor-pool.js';

/** Holds the rows that are searched, `[rows, size]`, in the pool's memory. */
export class Table {
  readonly at: number;
  readonly stride: number; // numbers in a row, padding included
  readonly pairs: number;
  private readonly numbers: Float32Array;

  constructor(
    pool: NeighborPool,
    embeddings: Float32Array,
    readonly size: number,
    items: Int32Array,
  ) {
    this.stride = Math.ceil(size / 4) * 4;
    this.pairs = this.stride / 2;
    this.at = pool.reserve(4 * this.stride * items.length);
    this.numbers = pool.floats(this.at, this.stride * items.length);
    items.forEach((item, row) => {
      this.numbers.set(embeddings.subarray(item * size, (item + 1) * size), row * this.stride);
    });
  }

  row(row: number): Float32Array {
    return this.numbers.subarray(row * this.stride, row * this.stride + this.size);
  }

  mean(rows: Int32Array): Float64Array {
    const { size } = this;
    const sum = new Float64Array(size);
    for (const row of rows) {
      const x = this.row(row);
      for (let k = 0; k < size; k++) sum[k] += x[k];
    }
    return sum.map((value) => value / rows.length);
  }

  distances(rows: Int32Array, center: Float64Array): Float64Array {
    const { size } = this;
    const distances = new Float64Array(rows.length);
    for (let i = 0; i < rows.length; i++) {
      const x = this.row(rows[i]);
      let sum = 0;
      for (let k = 0; k < size; k++) sum += (x[k] - center[k]) * (x[k] - center[k]);
      distances[i] = Math.sqrt(sum);
    }
    return distances;
  }
}
