/** The value in the middle; of an even number of values the mean of the two. NaN of none. */
export function median(values: readonly number[]): number {
  const sorted = values.toSorted((a, b) => a - b);
  const half = sorted.length >> 1;
  return sorted.length % 2 === 1 ? sorted[half] : (sorted[half - 1] + sorted[half]) / 2;
}

/** Ratios of pairs: in the middle, and how far they go. */
export interface Ratio {
  readonly median: number;
  readonly least: number;
  readonly most: number;
}

/**
 * Ratios b / a of what was measured side by side: pair by pair, so that what disturbs a round disturbs both sides of it.
 *
 * @param a, b `[rounds]`, of the same rounds
 */
export function pairedRatio(a: readonly number[], b: readonly number[]): Ratio {
  if (a.length !== b.length) throw new Error(`invalid pairs: ${a.length} and ${b.length} rounds`);
  const ratios = a.map((value, i) => b[i] / value);
  return { median: median(ratios), least: Math.min(...ratios), most: Math.max(...ratios) };
}

/** The x of value ~ size^x from each size to the next: log(v_i / v_(i-1)) / log(s_i / s_(i-1)); the first has none. */
export function exponents(sizes: readonly number[], values: readonly number[]): (number | undefined)[] {
  return sizes.map((size, i) =>
    i === 0 ? undefined : Math.log(values[i] / values[i - 1]) / Math.log(size / sizes[i - 1]),
  );
}
