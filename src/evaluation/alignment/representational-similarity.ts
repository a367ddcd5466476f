import { averageRanks, farness, requireFinite, similarities, spearman, type Similarity } from '../../metrics/index.js';
import type { SimilarityMatrix } from './similarity-matrix.js';

/** How far an embedding orders pairs of things by similarity as people do. */
export interface RepresentationalSimilarity {
  /** Things compared. */
  readonly items: number;
  /** Matrices of people, or of halves of them. */
  readonly matrices: number;
  /** Spearman's correlation with each matrix, the mean of these. */
  readonly correlation: Readonly<Record<Similarity, number>>;
  /** Between which the best possible correlation lies; null where there is one matrix, from which it cannot be told. */
  readonly ceiling: { readonly lower: number; readonly upper: number } | null;
}

const mean = (values: readonly number[]): number => values.reduce((sum, value) => sum + value, 0) / values.length;

/** The mean of the ranks in several matrices, pair by pair. */
function meanRanks(ranks: readonly (readonly number[])[]): number[] {
  return ranks[0].map((_, pair) => mean(ranks.map((of) => of[pair])));
}

/**
 * The noise ceiling: the correlation of each matrix with the mean ranks of the others (lower) and of all (upper), means
 * over matrices.
 *
 * Source: Nili et al. 2014, "A toolbox for representational similarity analysis".
 */
export function noiseCeiling(matrices: readonly Pick<SimilarityMatrix, 'pairs'>[]): { lower: number; upper: number } {
  const ranks = matrices.map(({ pairs }) => averageRanks(pairs));
  const all = meanRanks(ranks);
  return {
    lower: mean(ranks.map((own) => spearman(own, meanRanks(ranks.filter((other) => other !== own))))),
    upper: mean(ranks.map((own) => spearman(own, all))),
  };
}

/**
 * Representational similarity analysis: Spearman's correlation, ties averaged, over all pairs i < j of things, between
 * their similarity in an embedding (minus the distance, the cosine or the dot product) and by people.
 *
 * Source: Kriegeskorte, Mur and Bandettini 2008.
 *
 * @param rows `[m, size] float32`
 * @param items `[n]`: the row of each thing of the matrices
 * @throws UsageError where one of these rows has a number that is infinite or none
 */
export function representationalSimilarity(
  rows: Float32Array,
  size: number,
  items: ArrayLike<number>,
  matrices: readonly Pick<SimilarityMatrix, 'pairs'>[],
): RepresentationalSimilarity {
  requireFinite(rows, size, { used: items });
  const correlations = similarities.map((name) => {
    const pairs: number[] = [];
    for (let i = 0; i < items.length; i++)
      for (let j = i + 1; j < items.length; j++)
        pairs.push(-farness[name](rows, items[i] * size, items[j] * size, size));
    return [name, mean(matrices.map((matrix) => spearman(pairs, matrix.pairs)))];
  });
  return {
    items: items.length,
    matrices: matrices.length,
    correlation: Object.fromEntries(correlations) as Record<Similarity, number>,
    ceiling: matrices.length > 1 ? noiseCeiling(matrices) : null,
  };
}
