import type { LossParameters } from '../catalogue/losses.js';
import * as tf from '../tf.js';
import { exponential, untracked } from './shared/stable-math.js';
import { classPairs } from './shared/class-pairs.js';
import type { ClassLoss } from './loss.js';
import { pairsOf } from './shared/pairs.js';

/** Positives of at least this similarity do not count; the row itself is one of them. */
const NEAR = 1 - 1e-5;

/**
 * Makes the multi-similarity loss as its authors published it, but without their mining of pairs. Positives, the row
 * itself included, count only where s < 1 - 1e-5. Rows without positives or without negatives count 0. No logarithm is
 * clamped.
 */
export const multiSimilarityOriginal =
  ({ margin, alpha, beta }: LossParameters<'multi_similarity'>): ClassLoss =>
  (embeddings, classes) =>
    tf.tidy(() => {
      const { different } = classPairs(classes);
      const { similarities } = pairsOf(embeddings);
      const positive = untracked(similarities, (s) =>
        tf.mul(tf.sub(1, different), tf.cast(tf.less(s, NEAR), 'float32')),
      );
      const has = (mask: tf.Tensor): tf.Tensor => tf.max(mask, 1);
      const counted = untracked(positive, (mask) => tf.mul(has(mask), has(different)));
      const above = tf.sub(similarities, margin);
      const side = (weights: tf.Tensor, factor: number): tf.Tensor =>
        tf.div(tf.log(tf.add(1, tf.sum(tf.mul(weights, exponential(tf.mul(above, factor))), 1))), Math.abs(factor));
      return tf.mean(tf.mul(counted, tf.add(side(positive, -alpha), side(different, beta))));
    });
