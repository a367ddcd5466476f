/** Fewer triplets than this tell little about an embedding. */
export const FEW_TRIPLETS = 100;

const words: Readonly<Record<string, string>> = {
  FCT: 'fraction of correct triplets (FCT)',
  'mP@1': 'mean precision at 1 (mP@1)',
};

/** Spells a metric out, for where it first stands in a command's output. */
export const metricWords = (metric: string): string => (Object.hasOwn(words, metric) ? words[metric] : metric);

/**
 * Warns of a value that stands on few triplets: `only 6 test triplets: chance alone moves FCT by 0.40`.
 *
 * Of n independent answers the share that is right has a standard deviation of at most sqrt(1/4n); twice that covers
 * 95 %. Triplets about the same pictures depend on each other, so that the truth is worse.
 *
 * @param which what they are of: `test`
 * @returns undefined where there are enough
 */
export function fewTriplets(count: number, which: string): string | undefined {
  if (count >= FEW_TRIPLETS) return undefined;
  const error = Math.min(1, 1 / Math.sqrt(Math.max(1, count)));
  return `only ${count} ${which} triplet${count === 1 ? '' : 's'}: chance alone moves FCT by ${error.toFixed(2)} or more, below ${FEW_TRIPLETS} triplets differences mean little`;
}
