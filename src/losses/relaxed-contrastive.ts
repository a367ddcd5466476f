import * as tf from '../tf.js';
import type { LossParameters } from '../catalogue/losses.js';
import { quotient } from './shared/stable-math.js';
import type { DistillationLoss } from './loss.js';
import { offDiagonal, pairsOf } from './shared/pairs.js';
import { meanDistances } from './shared/teacher-distances.js';
import { pairwiseSum } from './shared/pairwise-sum.js';

/**
 * Makes the relaxed contrastive loss: the sum over pairs of w (1 - I) D^2 / m^2 + (1 - w) relu(margin - D / m)^2,
 * divided by n (n - 1), where m is the row's mean distance and w = exp(-Dbar^2 / tau), with Dbar the teachers' mean
 * distance.
 *
 * After Kim, Kim, Cho, Kwak, *Embedding transfer with label relaxation for improved metric learning*, CVPR 2021.
 */
export const relaxedContrastive =
  ({ margin, tau }: LossParameters<'relaxed_contrastive'>): DistillationLoss =>
  (embeddings, teachers) =>
    tf.tidy(() => {
      const n = embeddings.shape[0];
      const weights = tf.exp(tf.div(tf.square(meanDistances(teachers)), -tau));
      const { squares, distances } = pairsOf(embeddings);
      const mean = tf.mean(distances, 1, true);
      const positive = tf.mul(tf.mul(weights, offDiagonal(n)), quotient(squares, tf.square(mean)));
      const negative = tf.mul(tf.sub(1, weights), tf.square(tf.relu(tf.sub(margin, quotient(distances, mean)))));
      return tf.div(pairwiseSum(tf.add(positive, negative)), Math.max(n * (n - 1), 1));
    });
