import type { Stream } from '../../random/stream.js';

const RESAMPLES = 10_000;

/** An interval of percentiles. */
export interface Interval {
  readonly low: number;
  readonly high: number;
}

/**
 * The bootstrap percentile interval of a mean: quantiles (1 - level)/2 and (1 + level)/2, linear between order statistics,
 * of the means of 10,000 samples drawn with replacement. With few values it is too short rather than too long.
 *
 * @returns null for fewer than two values
 */
export function bootstrapInterval(values: readonly number[], stream: Stream, level = 0.95): Interval | null {
  const n = values.length;
  if (n < 2) return null;
  const means = Float64Array.from({ length: RESAMPLES }, () => {
    let sum = 0;
    for (let i = 0; i < n; i++) sum += values[stream.integer(n)];
    return sum / n;
  }).sort();
  return { low: quantile(means, (1 - level) / 2), high: quantile(means, (1 + level) / 2) };
}

function quantile(sorted: Float64Array, share: number): number {
  const at = share * (sorted.length - 1);
  const below = Math.floor(at);
  const above = Math.min(below + 1, sorted.length - 1);
  return sorted[below] + (at - below) * (sorted[above] - sorted[below]);
}
