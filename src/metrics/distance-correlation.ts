import { requireFinite } from './finite-rows.js';
import { squaredDistance } from './squared-distance.js';

/** Holds the distances of the same pairs of items in two spaces. */
export interface DistancePairs {
  readonly a: number[];
  readonly b: number[];
  /** Pearson's correlation of the two lists of distances. */
  readonly correlation: number;
}

/**
 * Compares two embeddings of the same items by their distances: the Euclidean distances of all pairs i < j of items in
 * both spaces, and Pearson's correlation of these.
 *
 * @param a `[n, sizeA]`, @param b `[n, sizeB]`
 * @param items which of the n items to compare (default: all)
 * @throws UsageError where one of their numbers is infinite or NaN
 */
export function distanceCorrelation(
  a: Float32Array,
  sizeA: number,
  b: Float32Array,
  sizeB: number,
  items: ArrayLike<number> = Array.from({ length: a.length / sizeA }, (_, i) => i),
): DistancePairs {
  requireFinite(a, sizeA, { used: items });
  requireFinite(b, sizeB, { used: items });
  const pairs = { a: [] as number[], b: [] as number[] };
  for (let i = 0; i < items.length; i++)
    for (let j = i + 1; j < items.length; j++) {
      pairs.a.push(distance(a, sizeA, items[i], items[j]));
      pairs.b.push(distance(b, sizeB, items[i], items[j]));
    }
  return { ...pairs, correlation: pearson(pairs.a, pairs.b) };
}

function distance(rows: Float32Array, size: number, i: number, j: number): number {
  return Math.sqrt(squaredDistance(rows, i * size, j * size, size));
}

/** Computes Pearson's correlation of paired numbers; NaN if one side is constant. */
export function pearson(x: readonly number[], y: readonly number[]): number {
  const mean = (values: readonly number[]): number => values.reduce((sum, value) => sum + value, 0) / values.length;
  const [mx, my] = [mean(x), mean(y)];
  let [xy, xx, yy] = [0, 0, 0];
  x.forEach((value, i) => {
    xy += (value - mx) * (y[i] - my);
    xx += (value - mx) ** 2;
    yy += (y[i] - my) ** 2;
  });
  return xy / Math.sqrt(xx * yy);
}
