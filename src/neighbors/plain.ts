/** Computes in float64 what is least for the nearest: the squared distance of rows i and j, or minus their product. */
export type NeighborValue = (embeddings: Float32Array, size: number, i: number, j: number) => number;

export const squaredDistance: NeighborValue = (embeddings, size, i, j) => {
  let sum = 0;
  for (let a = i * size, b = j * size, end = a + size; a < end; a++, b++) sum += (embeddings[a] - embeddings[b]) ** 2;
  return sum;
};

export const minusProduct: NeighborValue = (embeddings, size, i, j) => {
  let sum = 0;
  for (let a = i * size, b = j * size, end = a + size; a < end; a++, b++) sum -= embeddings[a] * embeddings[b];
  return sum;
};

/** Holds the k best so far, ordered by value, then by item. */
export class Best {
  readonly values: Float64Array;
  readonly items: Int32Array;

  constructor(private readonly k: number) {
    this.values = new Float64Array(k).fill(Infinity);
    this.items = new Int32Array(k).fill(-1);
  }

  add(value: number, item: number): void {
    const { values, items } = this;
    let at = this.k;
    for (; at > 0 && (values[at - 1] > value || (values[at - 1] === value && items[at - 1] > item)); at--)
      if (at < this.k) {
        values[at] = values[at - 1];
        items[at] = items[at - 1];
      }
    if (at === this.k) return;
    values[at] = value;
    items[at] = item;
  }

  clear(): void {
    this.values.fill(Infinity);
    this.items.fill(-1);
  }
}
