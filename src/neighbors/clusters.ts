const MOST = 128; // the most leaders
const TIGHT = 1 / 16; // stop when all radii are at most this share of the first radius
const WORTH = 1 / 4; // give up if the radii do not fall to this share
const SAFE = 1e-6; // more than the rounding of float32

/** Holds rows grouped around leaders, and bounds the distance to rows of other groups. */
export interface Leaders {
  /** Rows of each group, ascending. */
  readonly members: readonly Int32Array[];
  /** The group of the i-th row. */
  readonly group: Uint8Array;
  /** Tells whether all rows of other groups are farther from the i-th row than a value (squared distance, -product). */
  noneNearer(i: number, value: number): boolean;
}

/**
 * Groups rows tightly: chooses leaders one by one, each the row farthest from all leaders before it, and puts every row
 * into the group of the nearest leader.
 *
 * By the triangle inequality a member of group c is at least d(row, leader_c) - radius_c away from a row, and their dot
 * product is at most row . leader_c + |row| radius_c.
 *
 * @param measure computes the squared distances (or products times -1) of all rows with one
 * @param norms of the rows, if values are products
 * @returns undefined if 128 leaders leave groups nearly as wide as all rows together
 *
 * Source: the farthest-first traversal of Gonzalez, "Clustering to minimize the maximum intercluster distance" (1985).
 */
export function leadersOf(
  rows: Int32Array,
  measure: (leader: number, product: boolean) => Float64Array,
  norms?: Float64Array,
): Leaders | undefined {
  const n = rows.length;
  const nearest = new Float64Array(n).fill(Infinity);
  const group = new Uint8Array(n);
  const measures: Float32Array[] = [];
  const chosen: number[] = [];
  let [leader, first, radius] = [0, 0, Infinity];
  for (let c = 0; c < MOST && radius > first * TIGHT; c++) {
    chosen.push(leader);
    const distances = measure(rows[leader], false).map(Math.sqrt);
    for (let i = 0; i < n; i++)
      if (distances[i] < nearest[i]) {
        nearest[i] = distances[i];
        group[i] = c;
      }
    measures.push(Float32Array.from(norms ? measure(rows[leader], true) : distances));
    leader = nearest.reduce((most, distance, i) => (distance > nearest[most] ? i : most), 0);
    radius = nearest[leader];
    if (c === 0) first = radius;
  }
  if (measures.length < 2 || radius > first * WORTH) return undefined;
  const radii = new Float64Array(measures.length);
  for (let i = 0; i < n; i++) radii[group[i]] = Math.max(radii[group[i]], nearest[i] * (1 + SAFE));
  return {
    members: measures.map((_, c) => rows.filter((_, i) => group[i] === c)),
    group,
    noneNearer(i, value) {
      const limit = norms ? value : Math.sqrt(value);
      return measures.every((of, c) => {
        const reach = radii[c] * (norms?.[i] ?? 1);
        const far = Math.abs(of[i]) + reach + (norms ? norms[i] * norms[chosen[c]] * SAFE : 0);
        return c === group[i] || of[i] - reach - SAFE * far > limit;
      });
    },
  };
}
