import { averageRanks, farness, requireFinite, similarities, spearman, type Similarity } from '../../metrics/index.js';
import type { SimilarityMatrix } from './similarity-matrix.js';

/** How far an embedding orders pairs of items by similarity as people do. */
export interface RepresentationalSimilarity {
  /** The number of items compared. */
  readonly items: number;
  /** The number of matrices, each of a person or of a part of the people. */
  readonly matrices: number;
  /** The mean over matrices of Spearman's correlation with each. */
  readonly correlation: Readonly<Record<Similarity, number>>;
  /** Bounds of the best possible correlation; null with one matrix, which cannot tell. */
  readonly ceiling: { readonly lower: number; readonly upper: number } | null;
}

const mean = (values: readonly number[]): number => values.reduce((sum, value) => sum + value, 0) / values.length;

/** Returns the mean rank of each pair over several matrices. */
function meanRanks(ranks: readonly (readonly number[])[]): number[] {
  return ranks[0].map((_, pair) => mean(ranks.map((of) => of[pair])));
}

/**
 * Computes the noise ceiling: the correlation of each matrix with the mean ranks of the others (lower bound) and of all
 * (upper bound), as means over matrices.
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
 * Representational similarity analysis: computes Spearman's correlation, ties averaged, over all pairs i < j of items,
 * between their similarity in an embedding (minus the distance, the cosine or the dot product) and by people.
 *
 * Source: Kriegeskorte, Mur and Bandettini 2008.
 *
 * @param rows `[m, size] float32`
 * @param items `[n]`: the row of each item of the matrices
 * @throws UsageError where one of these rows is not finite
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
