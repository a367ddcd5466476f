import * as tf from '../tf.js';
import type { LossParameters } from '../catalogue/losses.js';
import { exponential, logarithm } from './shared/stable-math.js';
import { classPairs } from './shared/class-pairs.js';
import type { ClassLoss } from './loss.js';
import { pairsOf } from './shared/pairs.js';

/**
 * Computes the mean over rows of log(1 + sum_j w exp(alpha (margin - s))) / alpha +
 * log(1 + sum_j v exp(beta (s - margin))) / beta, where w and v weight pairs as positives and as negatives.
 *
 * @param similarities s, `[n, n] float32`; the weights have the same shape
 */
export function weightedMultiSimilarity(
  similarities: tf.Tensor2D,
  positive: tf.Tensor2D,
  negative: tf.Tensor2D,
  { margin, alpha, beta }: LossParameters<'multi_similarity'>,
): tf.Scalar {
  const above = tf.sub(similarities, margin);
  const side = (weights: tf.Tensor, factor: number): tf.Tensor =>
    logarithm(tf.add(1, tf.sum(tf.mul(weights, exponential(tf.mul(above, factor))), 1)));
  return tf.mean(tf.add(tf.div(side(positive, -alpha), alpha), tf.div(side(negative, beta), beta)));
}

/**
 * Makes the multi-similarity loss: the mean over rows of
 * log(1 + sum over the same class of exp(alpha (margin - s))) / alpha +
 * log(1 + sum over other classes of exp(beta (s - margin))) / beta.
 *
 * After Wang, Han, Huang, Dong, Scott, *Multi-similarity loss with general pair weighting*, CVPR 2019.
 */
export const multiSimilarity =
  (parameters: LossParameters<'multi_similarity'>): ClassLoss =>
  (embeddings, classes) =>
    tf.tidy(() => {
      const { same, different } = classPairs(classes);
      return weightedMultiSimilarity(pairsOf(embeddings).similarities, same, different, parameters);
    });
