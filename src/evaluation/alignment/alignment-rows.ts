import type { Alignment } from './align.js';

/** One row of a table, for `figures.table` and the command line; empty cells are null. */
export type AlignmentRow = Readonly<Record<string, string | number | null>>;

const rounded = (value: number | undefined): number | null =>
  value === undefined || Number.isNaN(value) ? null : Number(value.toFixed(4));

/**
 * Makes alignments the rows of one table: FCT of the unchanged features, FCT of the probe with its standard error over
 * items, FCT of the features on the probe's triplets, and the correlations with people.
 */
export function alignmentRows(alignments: readonly Alignment[]): AlignmentRow[] {
  const [probed, compared] = [alignments.some(({ probe }) => probe), alignments.some(({ rsa }) => rsa)];
  return alignments.map(({ dataset, network, size, triplets, zeroShot, probe, rsa }) => ({
    dataset,
    network,
    size,
    triplets,
    euclidean: rounded(zeroShot.euclidean.fct),
    cosine: rounded(zeroShot.cosine.fct),
    dot: rounded(zeroShot.dot.fct),
    ...(probed && {
      probe: rounded(probe?.fct),
      error: rounded(probe?.error),
      'held out': probe?.triplets ?? null,
      'same, no probe': rounded(probe?.zeroShot[probe.similarity]),
    }),
    ...(compared && {
      'rsa euclidean': rounded(rsa?.correlation.euclidean),
      'rsa cosine': rounded(rsa?.correlation.cosine),
      'rsa dot': rounded(rsa?.correlation.dot),
    }),
  }));
}
