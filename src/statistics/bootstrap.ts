import type { RandomStream } from '../random/stream.js';

const RESAMPLES = 10_000;

/** An interval of percentiles. */
export interface Interval {
  readonly low: number;
  readonly high: number;
}

/**
 * Computes the bootstrap percentile interval of a mean: the quantiles (1 - level)/2 and (1 + level)/2, linear between
 * order statistics, of the means of 10,000 samples drawn with replacement. With few values it is often too short.
 *
 * @returns null for fewer than two values
 */
export function bootstrapInterval(values: readonly number[], stream: RandomStream, level = 0.95): Interval | null {
  const n = values.length;
  if (n < 2) return null;
  const means = Float64Array.from({ length: RESAMPLES }, () => {
    let sum = 0;
    for (let i = 0; i < n; i++) sum += values[stream.integer(n)];
    return sum / n;
  }).sort();
  return percentileInterval(means, level);
}

/**
 * Draws the weights of a Bayesian bootstrap of n values that come in groups of equal ones. Gamma variates of the
 * groups' sizes are, up to scale, the sums over groups of one Dirichlet(1, ..., 1) weight for each value.
 *
 * Source: Rubin 1981, "The Bayesian bootstrap"; gamma variates by Marsaglia and Tsang 2000.
 *
 * @param sizes of the groups, at least 1 each
 */
export function bootstrapWeights(sizes: ArrayLike<number>, stream: RandomStream): Float64Array {
  return Float64Array.from(sizes, (size) => {
    const d = size - 1 / 3;
    const c = 1 / Math.sqrt(9 * d);
    for (;;) {
      const x = stream.normal();
      const v = (1 + c * x) ** 3;
      if (v > 0 && Math.log(1 - stream.uniform()) < x ** 2 / 2 + d * (1 - v + Math.log(v))) return d * v;
    }
  });
}

/** Returns the quantiles (1 - level)/2 and (1 + level)/2 of sorted values, linear between order statistics. */
export function percentileInterval(sorted: Float64Array, level = 0.95): Interval {
  return { low: quantile(sorted, (1 - level) / 2), high: quantile(sorted, (1 + level) / 2) };
}

function quantile(sorted: Float64Array, share: number): number {
  const at = share * (sorted.length - 1);
  const below = Math.floor(at);
  const above = Math.min(below + 1, sorted.length - 1);
  return sorted[below] + (at - below) * (sorted[above] - sorted[below]);
}
