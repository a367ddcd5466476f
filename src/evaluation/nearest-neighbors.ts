import { findNeighbors } from '../neighbors/find-neighbors.js';
import { UsageError } from '../errors.js';

export interface NearestNeighborsOptions {
  /** The number of neighbours of each row. */
  k?: number;
  /** The rows whose neighbours are sought, in this order (default: all). */
  queries?: ArrayLike<number>;
  /** Rows that may be neighbours (default: all). */
  among?: ArrayLike<number>;
  /** Leaves each row out of its own neighbours. */
  excludeSelf?: boolean;
  /** The number of threads (default: `TRIPLETLAB_THREADS`, else one for each core). */
  threads?: number;
}

/** The neighbours of q rows, the nearest first. */
export interface NearestNeighbors {
  /** `[q, k] int32` */
  readonly indexes: Int32Array;
  /** `[q, k] float32` */
  readonly distances: Float32Array;
}

/**
 * Finds the k nearest rows to each row by Euclidean distance. It is exact (float64) and works block by block, never
 * with all pairs in memory. Of equally near rows the first comes first, whatever the number of threads.
 *
 * @param embeddings `[n, size] float32`
 * @throws UsageError where a number is not finite, a row does not exist or there are fewer than k others
 */
export function nearestNeighbors(
  embeddings: Float32Array,
  size: number,
  options: NearestNeighborsOptions = {},
): NearestNeighbors {
  const { indexes, values } = findNeighbors(embeddings, size, options);
  return { indexes, distances: Float32Array.from(values, Math.sqrt) };
}

/** A neighbour and its distance. */
export interface Neighbor {
  readonly item: number;
  readonly distance: number;
}

/**
 * Finds the k items nearest to one by Euclidean distance, without itself; fewer where there are fewer.
 *
 * @param embeddings `[n, size] float32`
 * @param among the items that may be neighbours (default: all)
 * @throws UsageError where there is no such item
 */
export function neighborsOf(
  embeddings: Float32Array,
  size: number,
  item: number,
  k: number,
  among: ArrayLike<number> = Array.from({ length: embeddings.length / size }, (_, i) => i),
): Neighbor[] {
  const n = embeddings.length / size;
  if (!(Number.isInteger(item) && item >= 0 && item < n))
    throw new UsageError(`invalid item: ${item}; give a number from 0 to ${n - 1}`);
  const others = Array.from(new Set(Array.from(among))).filter((other) => other !== item);
  const count = Math.min(k, others.length);
  if (count === 0) return [];
  const { indexes, values } = findNeighbors(embeddings, size, { k: count, queries: [item], among: others });
  return Array.from(indexes, (other, i) => ({ item: other, distance: Math.sqrt(values[i]) }));
}
