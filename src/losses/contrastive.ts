import * as tf from '../tf.js';
import type { LossParameters } from '../catalogue/losses.js';
import { quotient } from './shared/stable-math.js';
import { classPairs } from './shared/class-pairs.js';
import type { ClassLoss } from './loss.js';
import { pairsOf } from './shared/pairs.js';
import { pairwiseSum } from './shared/pairwise-sum.js';

/**
 * Makes the contrastive loss: the mean over the n (n - 1) ordered pairs of relu(D - margin_positive) for two items of
 * one class, relu(margin_negative - D) for items of two classes.
 *
 * After Hadsell, Chopra, LeCun, *Dimensionality reduction by learning an invariant mapping*, CVPR 2006.
 */
export const contrastive =
  ({ margin_positive, margin_negative }: LossParameters<'contrastive'>): ClassLoss =>
  (embeddings, classes) =>
    tf.tidy(() => {
      const { same, different } = classPairs(classes);
      const { distances } = pairsOf(embeddings);
      const positive = tf.mul(same, tf.relu(tf.sub(distances, margin_positive)));
      const negative = tf.mul(different, tf.relu(tf.sub(margin_negative, distances)));
      return quotient(pairwiseSum(tf.add(positive, negative)), pairwiseSum(tf.add(same, different)));
    });
