import { UsageError } from '../errors.js';
import { findNeighbors } from '../neighbors/find-neighbors.js';

export interface MeanPrecisionOptions {
  /**
   * `training` takes the nearest other instance by dot product and leaves out instances that are alone in their class.
   * `evaluation` counts all instances and takes the second result of a search by Euclidean distance. That search also
   * finds the instance itself, as the first result unless another has the same embedding and a smaller index.
   */
  convention?: 'training' | 'evaluation';
  threads?: number;
}

const defaults = { convention: 'training' } as const;

/**
 * Computes mP@1, the share of instances whose nearest other instance has their class; of equally near ones the first
 * counts.
 *
 * @param embeddings `[n, size] float32`
 * @param classes `[n] int32`
 * @returns the share in [0, 1]; NaN where no instance counts
 * @throws UsageError where the classes do not fit, a number is infinite or NaN, or an evaluation has fewer than two
 *   instances
 */
export function meanPrecisionAt1(
  embeddings: Float32Array,
  size: number,
  classes: ArrayLike<number>,
  options: MeanPrecisionOptions = {},
): number {
  const { convention, threads } = { ...defaults, ...options };
  if (classes.length * size !== embeddings.length)
    throw new UsageError(
      `invalid classes: ${classes.length} for ${embeddings.length / size} embeddings; give one for each`,
    );
  return conventions[convention](embeddings, size, classes, threads);
}

type Convention = (
  embeddings: Float32Array,
  size: number,
  classes: ArrayLike<number>,
  threads: number | undefined,
) => number;

const conventions = {
  training(embeddings, size, classes, threads) {
    const members = new Map<number, number>();
    for (let i = 0; i < classes.length; i++) members.set(classes[i], (members.get(classes[i]) ?? 0) + 1);
    const queries = Array.from(classes, (_, i) => i).filter((i) => members.get(classes[i])! > 1);
    const { indexes } = findNeighbors(embeddings, size, { queries, product: true, threads });
    return queries.filter((i, q) => classes[indexes[q]] === classes[i]).length / queries.length;
  },
  evaluation(embeddings, size, classes, threads) {
    const { indexes } = findNeighbors(embeddings, size, { k: 2, excludeSelf: false, threads });
    let correct = 0;
    for (let i = 0; i < classes.length; i++) correct += Number(classes[indexes[2 * i + 1]] === classes[i]);
    return correct / classes.length;
  },
} satisfies Record<string, Convention>;
