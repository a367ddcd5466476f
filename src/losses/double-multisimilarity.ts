import * as tf from '../tf.js';
import type { LossParameters } from '../catalogue/losses.js';
import type { TripletLoss } from './loss.js';
import { meanOf, pairSimilarities } from './shared/triplet-pairs.js';

const LIMIT = 1e12;

/**
 * Makes the multi-similarity loss on triplets: log(1 + exp(alpha (margin - s01))) / alpha +
 * log(1 + exp(beta (s02 - margin))) / beta, if undirected averaged over 02 and 12. The logarithm's argument is clamped
 * to 1e12.
 *
 * After Wang, Han, Huang, Dong, Scott, *Multi-similarity loss with general pair weighting*, CVPR 2019.
 */
export const doubleMultisimilarity =
  ({ margin, alpha, beta }: LossParameters<'double_multisimilarity'>, directed: boolean): TripletLoss =>
  (embeddings) =>
    tf.tidy(() => {
      const { pair01, pair02, pair12 } = pairSimilarities(embeddings, directed);
      const softplus = (x: tf.Tensor): tf.Tensor => tf.log(tf.minimum(tf.add(tf.exp(x), 1), LIMIT));
      const push = (s: tf.Tensor): tf.Tensor => tf.div(softplus(tf.mul(tf.sub(s, margin), beta)), beta);
      const pull = tf.div(softplus(tf.mul(tf.sub(margin, pair01), alpha)), alpha);
      return tf.mean(tf.add(pull, meanOf(push(pair02), pair12 && push(pair12))), -1);
    });
