/** A mean over triplets, with its standard error over items. */
export interface JackknifeMean {
  readonly mean: number;
  /** Standard error. */
  readonly error: number;
  /** Items in the triplets. */
  readonly items: number;
}

/**
 * Computes the mean of a value over triplets, and its standard error over items by the delete-one jackknife.
 *
 * Triplets that share items are not independent, so that the error of a share, sqrt(p (1 - p) / m), is too small.
 * Here, with theta_i the mean over the triplets without item i and thetabar the mean of these,
 * error^2 = (n - 1) / n sum_i (theta_i - thetabar)^2. An item that is in every triplet is left out; with fewer than two
 * other items the error is NaN.
 *
 * Source: Arvesen 1969, "Jackknifing U-statistics".
 *
 * @param values `[m]`: 1 where a triplet is correct, 0 where it is not, or differences of these between two models
 * @param triplets `[3m]` items
 */
export function itemJackknife(values: ArrayLike<number>, triplets: ArrayLike<number>): JackknifeMean {
  let total = 0;
  const sums = new Map<number, { sum: number; count: number }>();
  for (let t = 0; t < values.length; t++) {
    total += values[t];
    for (const item of new Set([triplets[3 * t], triplets[3 * t + 1], triplets[3 * t + 2]])) {
      const of = sums.get(item) ?? { sum: 0, count: 0 };
      of.sum += values[t];
      of.count++;
      sums.set(item, of);
    }
  }
  const m = values.length;
  const without = [...sums.values()]
    .filter(({ count }) => count < m)
    .map(({ sum, count }) => (total - sum) / (m - count));
  const n = without.length;
  const mean = without.reduce((sum, value) => sum + value, 0) / n;
  const squares = without.reduce((sum, value) => sum + (value - mean) ** 2, 0);
  return { mean: total / m, error: n < 2 ? NaN : Math.sqrt(((n - 1) / n) * squares), items: sums.size };
}
