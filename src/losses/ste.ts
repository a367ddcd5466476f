import * as tf from '../tf.js';
import type { LossParameters } from '../catalogue/losses.js';
import type { TripletLoss } from './loss.js';
import { pairSimilarities } from './shared/triplet-pairs.js';

const EPSILON = 1e-12;

/**
 * Makes the loss of stochastic triplet embedding: -log p01, p = softmax(s / tau) over the pairs 01, 02 and, if
 * undirected, 12.
 *
 * As in the original, the probability is clamped to 1e-12 and has no gradient below it (with tau .005, if s01 is more
 * than .138 below the best); `exact_log_softmax` takes the log-softmax itself instead.
 *
 * After van der Maaten, Weinberger, *Stochastic triplet embedding*, MLSP 2012.
 */
export const ste =
  ({ tau, exact_log_softmax = false }: LossParameters<'ste'>, directed: boolean): TripletLoss =>
  (embeddings) =>
    tf.tidy(() => {
      const { pair01, pair02, pair12 } = pairSimilarities(embeddings, directed);
      const scores = tf.div(tf.stack(pair12 ? [pair01, pair02, pair12] : [pair01, pair02]), tau);
      if (exact_log_softmax) return tf.mean(tf.sub(tf.logSumExp(scores, 0), tf.div(pair01, tau)), -1);
      const weights = tf.exp(tf.sub(scores, tf.max(scores, 0)));
      const chosen = tf.squeeze(tf.slice(weights, 0, 1), [0]);
      const probability = tf.div(chosen, tf.add(tf.sum(weights, 0), EPSILON));
      return tf.neg(tf.mean(tf.log(tf.maximum(probability, EPSILON)), -1));
    });
