/** Mean and standard deviation of several values. */
export interface ValueSummary {
  readonly n: number;
  /** The mean; null without values. */
  readonly mean: number | null;
  /** The standard deviation of one value; null for fewer than two. */
  readonly standardDeviation: number | null;
}

/** Summarizes values: mean = sum x / n, standardDeviation^2 = sum (x - mean)^2 / (n - 1). */
export function summarize(values: readonly number[]): ValueSummary {
  const n = values.length;
  if (n === 0) return { n, mean: null, standardDeviation: null };
  const mean = values.reduce((sum, value) => sum + value, 0) / n;
  const squares = values.reduce((sum, value) => sum + (value - mean) ** 2, 0);
  return { n, mean, standardDeviation: n > 1 ? Math.sqrt(squares / (n - 1)) : null };
}

/**
 * Returns the differences first - second of runs that share a key, in the order of the first; other runs are left out.
 */
export function differencesOfPairs<Run extends { readonly value: number }>(
  first: readonly Run[],
  second: readonly Run[],
  keyOf: (run: Run) => unknown,
): number[] {
  return first.flatMap((run) => {
    const other = second.find((one) => keyOf(one) === keyOf(run));
    return other === undefined ? [] : [run.value - other.value];
  });
}
