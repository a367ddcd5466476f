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

/**
 * The x of value ~ size^x over the larger half of the sizes (of five the last three), by least squares of the logarithms.
 *
 * @param sizes, values ascending sizes, two or more, and a value of each
 */
export function lastExponent(sizes: readonly number[], values: readonly number[]): number {
  const from = Math.min(sizes.length - 2, sizes.length >> 1);
  const [x, y] = [sizes, values].map((numbers) => numbers.slice(from).map(Math.log));
  const mean = (numbers: readonly number[]): number => numbers.reduce((sum, one) => sum + one, 0) / numbers.length;
  const [mx, my] = [mean(x), mean(y)];
  return mean(x.map((one, i) => (one - mx) * (y[i] - my))) / mean(x.map((one) => (one - mx) ** 2));
}

/** Where a curve bends most: the size, and the exponents from the size before and to the next. */
export interface Bend {
  readonly size: number;
  readonly before: number;
  readonly after: number;
}

/** The strongest change of the exponent from one pair of sizes to the next; undefined where none is as much as `least`. */
export function bendOf(sizes: readonly number[], values: readonly number[], least = 0.3): Bend | undefined {
  const local = exponents(sizes, values) as number[];
  const bends = local.slice(2).map((after, i) => ({ size: sizes[i + 1], before: local[i + 1], after }));
  const change = ({ before, after }: Bend): number => Math.abs(after - before);
  return bends.filter((bend) => change(bend) >= least).sort((a, b) => change(b) - change(a))[0];
}
