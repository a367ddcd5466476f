import { UsageError } from '../errors.js';
import { findNeighbors } from '../neighbors/find-neighbors.js';

/** The most neighbours held at once, for all queries together: 192 MiB. */
const HELD = 2 ** 24;

const defaults = { ks: [1, 2, 4, 8] as readonly number[] };

export interface RetrievalOptions {
  /** The k of R@k (default 1, 2, 4, 8). */
  readonly ks?: readonly number[];
  readonly threads?: number;
}

/** Holds how well the members of each instance's class are found among all other instances. */
export interface Retrieval {
  /** R@k by k: the share of queries with an instance of their class among the k nearest. */
  readonly recallAt: Readonly<Record<number, number>>;
  /** MAP@R, mean average precision at R. */
  readonly mapAtR: number;
  /** The number of queries: instances whose class has another member. */
  readonly queries: number;
  /** The number of instances alone in their class. They are not queries, but can be among the results of others. */
  readonly alone: number;
}

/**
 * Computes R@k and MAP@R by Euclidean distance. An instance is never its own neighbour; of equally near ones the first
 * counts as nearer.
 *
 * With R the number of other members of a query's class, MAP@R is the mean over queries of
 * 1/R sum_{i=1}^{R} P(i) [the i-th nearest has the query's class], where P(i) is the share of that class among the i
 * nearest.
 *
 * Source: Musgrave, Belongie and Lim 2020, "A Metric Learning Reality Check" (MAP@R); Jegou et al. 2011 (R@k as here).
 *
 * @param embeddings `[n, size] float32`
 * @param classes `[n] int32`
 * @returns shares in [0, 1]; NaN if no instance is a query
 * @throws UsageError where the classes do not fit, a k is not a positive integer, or a number is infinite or NaN
 */
export function retrieval(
  embeddings: Float32Array,
  size: number,
  classes: ArrayLike<number>,
  options: RetrievalOptions = {},
): Retrieval {
  const { ks, threads } = { ...defaults, ...options };
  const n = classes.length;
  if (n * size !== embeddings.length)
    throw new UsageError(`invalid classes: ${n} for ${embeddings.length / size} embeddings; give one for each`);
  const bad = ks.find((k) => !(Number.isInteger(k) && k >= 1));
  if (bad !== undefined) throw new UsageError(`invalid k: ${bad}; give integers from 1 on`);
  const members = new Map<number, number>();
  for (let i = 0; i < n; i++) members.set(classes[i], (members.get(classes[i]) ?? 0) + 1);
  const others = (i: number): number => members.get(classes[i])! - 1;
  const queries = Array.from({ length: n }, (_, i) => i).filter((i) => others(i) > 0);
  const hits = ks.map(() => 0);
  let precision = 0;
  const depth = Math.min(
    n - 1,
    queries.reduce((most, i) => Math.max(most, others(i)), Math.max(...ks, 1)),
  );
  const together = Math.max(1, Math.floor(HELD / depth));
  for (let start = 0; start < queries.length; start += together) {
    const part = queries.slice(start, start + together);
    const { indexes } = findNeighbors(embeddings, size, { queries: part, k: depth, threads });
    part.forEach((query, q) => {
      const found = indexes.subarray(q * depth, (q + 1) * depth);
      const first = found.findIndex((item) => classes[item] === classes[query]);
      ks.forEach((k, at) => (hits[at] += Number(first >= 0 && first < k)));
      precision += averagePrecision(found, others(query), (item) => classes[item] === classes[query]);
    });
  }
  return {
    recallAt: Object.fromEntries(ks.map((k, at) => [k, hits[at] / queries.length])),
    mapAtR: precision / queries.length,
    queries: queries.length,
    alone: n - queries.length,
  };
}

function averagePrecision(found: Int32Array, r: number, isRight: (item: number) => boolean): number {
  let [right, sum] = [0, 0];
  for (let i = 0; i < r; i++) if (isRight(found[i])) sum += ++right / (i + 1);
  return sum / r;
}
