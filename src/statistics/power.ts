import { LEVEL } from './permutation-test.js';
import { studentTQuantile } from './student-t.js';

/** The probability with which a true difference of the size asked for is found. */
export const POWER = 0.8;

/**
 * Estimates the least true mean difference that n pairs can detect: in 80 of 100 repetitions of the experiment the
 * two-sided 95 % interval of Student's t excludes 0.
 *
 * delta = (t_{.975, n - 1} + t_{.8, n - 1}) s / sqrt(n): the usual approximation, a little too large for few pairs
 * (Chow, Shao and Wang 2008, Sample Size Calculations in Clinical Research).
 *
 * @param standardDeviation s, the standard deviation of one difference
 * @param pairs n
 * @returns null for fewer than two pairs
 */
export function detectableDifference(standardDeviation: number, pairs: number): number | null {
  if (pairs < 2) return null;
  const quantile = (probability: number): number => studentTQuantile(probability, pairs - 1);
  return ((quantile(1 - LEVEL / 2) + quantile(POWER)) * standardDeviation) / Math.sqrt(pairs);
}
