import { UsageError } from '../errors.js';

/** A neighbour and how far it is. */
export interface Neighbor {
  readonly item: number;
  readonly distance: number;
}

/**
 * The k items nearest to one, by Euclidean distance, itself left out; of equally near ones the first.
 *
 * @param embeddings `[n, size] float32`
 * @param among the items that may be neighbours (default: all)
 * @throws UsageError where there is no such item
 */
export function nearestNeighbors(
  embeddings: Float32Array,
  size: number,
  item: number,
  k: number,
  among?: ArrayLike<number>,
): Neighbor[] {
  const n = embeddings.length / size;
  if (!(Number.isInteger(item) && item >= 0 && item < n))
    throw new UsageError(`invalid item: ${item}; there are ${n}, counted from 0`);
  const others = Array.from(among ?? { length: n }, (other, i) => (among === undefined ? i : (other as number)));
  const neighbors = others
    .filter((other) => other !== item)
    .map((other) => ({ item: other, distance: distance(embeddings, size, item, other) }));
  return neighbors.sort((a, b) => a.distance - b.distance || a.item - b.item).slice(0, k);
}

function distance(embeddings: Float32Array, size: number, i: number, j: number): number {
  let sum = 0;
  for (let k = 0; k < size; k++) sum += (embeddings[i * size + k] - embeddings[j * size + k]) ** 2;
  return Math.sqrt(sum);
}
