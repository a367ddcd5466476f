import type { HostRows } from '../../miners/index.js';

/** Tells whether the greatest number of every row is 1: then the teacher's rows are one-hot classes. */
export function areOneHot({ data, first, step, size }: HostRows, n: number): boolean {
  for (let i = 0; i < n; i++) {
    let greatest = -Infinity;
    for (let k = 0; k < size; k++) greatest = Math.max(greatest, data[first + i * step + k]);
    if (greatest !== 1) return false;
  }
  return true;
}

/** Returns the coordinate of each row's greatest number (the first of several), `[n]`. */
export const greatestCoordinates = ({ data, first, step, size }: HostRows, n: number): Int32Array =>
  Int32Array.from({ length: n }, (_, i) => {
    let best = 0;
    for (let k = 1; k < size; k++) if (data[first + i * step + k] > data[first + i * step + best]) best = k;
    return best;
  });

/** Computes the cosine of the angle at i of one-hot vectors: .5 (1 + [c_j = c_k] - [c_i = c_k] - [c_i = c_j]). */
export const oneHotCosine = (c: Int32Array, i: number, j: number, k: number): number =>
  0.5 * (1 + Number(c[j] === c[k]) - Number(c[i] === c[k]) - Number(c[i] === c[j]));

/** Computes Huber's loss, delta 1, of a number. */
export const huberOf = (x: number): number => (Math.abs(x) <= 1 ? 0.5 * x * x : Math.abs(x) - 0.5);

/**
 * Computes the mean Huber loss of the cosines of one-hot vectors, with the student's rows taken as such; no gradient.
 *
 * @param triplets `[m, 3]`; undefined: all n^3 triplets
 */
export function oneHotAngleLoss(
  student: HostRows,
  teachers: readonly HostRows[],
  n: number,
  triplets?: Int32Array,
): number {
  const own = greatestCoordinates(student, n);
  const theirs = teachers.map((teacher) => greatestCoordinates(teacher, n));
  const loss = (i: number, j: number, k: number): number => {
    let target = 0;
    for (const c of theirs) target += oneHotCosine(c, i, j, k);
    return huberOf(oneHotCosine(own, i, j, k) - target / theirs.length);
  };
  let sum = 0;
  if (triplets === undefined) {
    for (let i = 0; i < n; i++)
      for (let j = 0; j < n; j++) for (let k = j; k < n; k++) sum += (k === j ? 1 : 2) * loss(i, j, k);
    return sum / n ** 3;
  }
  for (let m = 0; m < triplets.length; m += 3) sum += loss(triplets[m], triplets[m + 1], triplets[m + 2]);
  return triplets.length === 0 ? 0 : sum / (triplets.length / 3);
}
