import { LEVEL } from './permutation-test.js';
import { studentTQuantile } from './student-t.js';

/** What is known of paired differences. */
export interface DifferenceSummary {
  readonly n: number;
  readonly mean: number;
  /** Standard deviation of one difference; null for one. */
  readonly deviation: number | null;
}

/**
 * What paired differences say: the first is `higher` or `lower` (told from chance), both are `equivalent` (the
 * difference is smaller than what counts), or none of it can be said.
 */
export type Verdict = 'higher' | 'lower' | 'equivalent' | 'undecided';

/** A difference of a fraction of correct triplets smaller than this does not count. */
export const MARGIN = 0.01;

/**
 * The interval of a mean by Student's t: mean +- t_{(1 + level) / 2, n - 1} s / sqrt(n).
 *
 * @returns null for fewer than two values
 */
export function meanInterval(
  { n, mean, deviation }: DifferenceSummary,
  level = 1 - LEVEL,
): { low: number; high: number } | null {
  if (n < 2 || deviation === null) return null;
  const half = (studentTQuantile((1 + level) / 2, n - 1) * deviation) / Math.sqrt(n);
  return { low: mean - half, high: mean + half };
}

/**
 * Judges paired differences. They are told from chance where the corrected p is .05 at most; they are equivalent where
 * two one-sided t tests at .05 put the mean within +-margin, which is so where its 90 % interval lies within (Schuirmann
 * 1987). What is told from chance and within the margin is called by its sign.
 *
 * @param corrected p with all comparisons in view; null where there is none
 */
export function verdict(differences: DifferenceSummary, corrected: number | null, margin = MARGIN): Verdict {
  if (corrected !== null && corrected <= LEVEL && differences.mean !== 0)
    return differences.mean > 0 ? 'higher' : 'lower';
  const interval = meanInterval(differences, 1 - 2 * LEVEL);
  return interval !== null && interval.low > -margin && interval.high < margin ? 'equivalent' : 'undecided';
}
