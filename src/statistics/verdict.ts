import { LEVEL } from './permutation-test.js';
import { studentTQuantile } from './student-t.js';

/** Mean and standard deviation of paired differences. */
export interface DifferenceSummary {
  readonly n: number;
  readonly mean: number;
  /** The standard deviation of one difference; null for a single one. */
  readonly standardDeviation: number | null;
}

/**
 * The verdict on paired differences: the first is significantly `higher` or `lower`, both are `equivalent` (the
 * difference is smaller than what matters), or it is `undecided`.
 */
export type Verdict = 'higher' | 'lower' | 'equivalent' | 'undecided';

/** Differences of a fraction of correct triplets below this do not matter. */
export const MARGIN = 0.01;

/** From fewer runs, or pairs of runs, than this an interval is not shown, and decides nothing: it would be far too short. */
export const FEWEST_RUNS = 5;

/**
 * Computes the interval of a mean by Student's t: mean +- t_{(1 + level) / 2, n - 1} s / sqrt(n).
 *
 * @returns null for fewer than two values
 */
export function meanInterval(
  { n, mean, standardDeviation }: DifferenceSummary,
  level = 1 - LEVEL,
): { low: number; high: number } | null {
  if (n < 2 || standardDeviation === null) return null;
  const half = (studentTQuantile((1 + level) / 2, n - 1) * standardDeviation) / Math.sqrt(n);
  return { low: mean - half, high: mean + half };
}

/**
 * Judges paired differences. They are significant where the corrected p-value is at most .05. They are equivalent where
 * two one-sided t tests at .05 place the mean within +-margin, that is where its 90 % interval lies within (Schuirmann
 * 1987); fewer than five pairs are not enough for that. Differences that are both significant and within the margin are called `higher` or `lower`.
 *
 * @param corrected the p-value corrected for all comparisons; null where there is none
 */
export function verdict(differences: DifferenceSummary, corrected: number | null, margin = MARGIN): Verdict {
  if (corrected !== null && corrected <= LEVEL && differences.mean !== 0)
    return differences.mean > 0 ? 'higher' : 'lower';
  const interval = differences.n < FEWEST_RUNS ? null : meanInterval(differences, 1 - 2 * LEVEL);
  return interval !== null && interval.low > -margin && interval.high < margin ? 'equivalent' : 'undecided';
}
