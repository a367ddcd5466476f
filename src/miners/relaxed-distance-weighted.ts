import type { RandomStream } from '../random/stream.js';
import { weightedChoice } from './weighted-choice.js';
import { exponentiate, LOWER_CUTOFF, logInverseDensity, squaredDistances, type HostRows } from './distances.js';

const TAU = 0.4;
/** The least weight of a positive: an anchor whose positives all have less is left out. */
const LEAST_WEIGHT = 0.01;
const UPPER_SQUARED = 2;

/**
 * Draws triplets (i, j, k) from the teacher's distances dT and the student's distances d. For each anchor i it draws a
 * j (any but i) with probability proportional to exp(-dT^2 / .4), unless no such weight reaches .01. Then it draws a k
 * of all n with weight f(d) / f(dT), f(x) = x^(2 - dim) (1 - x^2/4)^((3 - dim)/2), where dim is the student's, d is at
 * least .5, and dT is clamped to [.5, sqrt 2].
 *
 * @param student `[n, dim]`, @param teacher `[n, size]`, the first teacher's; L2-normalised rows
 * @returns `[triplets, 3] int32`
 */
export function relaxedDistanceWeighted(
  student: HostRows,
  teacher: HostRows,
  n: number,
  stream: RandomStream,
): Int32Array {
  const { size: dim } = student;
  const triplets: number[] = [];
  const theirs = squaredDistances(teacher, n);
  const all = squaredDistances(student, n);
  const weights = new Float64Array(n);
  for (let i = 0; i < n; i++) {
    const positive = theirs.subarray(i * n, (i + 1) * n);
    let greatest = 0;
    for (let j = 0; j < n; j++) {
      weights[j] = j === i ? 0 : Math.exp(-positive[j] / TAU);
      greatest = Math.max(greatest, weights[j]);
    }
    if (greatest < LEAST_WEIGHT) continue;
    const j = weightedChoice(weights, stream);
    const own = all.subarray(i * n, (i + 1) * n);
    for (let k = 0; k < n; k++) {
      const clamped = Math.min(Math.max(positive[k], LOWER_CUTOFF ** 2), UPPER_SQUARED);
      weights[k] = logInverseDensity(Math.max(own[k], LOWER_CUTOFF ** 2), dim) - logInverseDensity(clamped, dim);
    }
    exponentiate(weights);
    triplets.push(i, j, weightedChoice(weights, stream));
  }
  return Int32Array.from(triplets);
}
