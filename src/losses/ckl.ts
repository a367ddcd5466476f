import * as tf from '../tf.js';
import type { LossParameters } from '../catalogue/losses.js';
import type { TripletLoss } from './loss.js';
import { pairSquaredDistances } from './shared/triplet-pairs.js';

/**
 * Makes the crowd kernel loss: -log(k01 / sum over pairs of k), k = 1 / (mu + d^2), over the pairs 01, 02 and, if
 * undirected, 12. Directed, it is -log((mu + d02^2) / (2 mu + d01^2 + d02^2)). The rows are those of `Ordinal`, of any
 * length. Not in the paper.
 *
 * The crowd kernel paper has only directed answers. Here an odd one out is one choice among three pairs, as in the
 * question, so that k01 / sum is the probability of the answer. Taking it as two comparisons gives teachers of the same
 * validation FCT: on THINGS, over 48 settings, the two differ by less than .0003.
 *
 * After Tamuz, Liu, Belongie, Shamir, Kalai, *Adaptively learning the crowd kernel*, ICML 2011.
 */
export const ckl =
  ({ mu }: LossParameters<'ckl'>, directed: boolean): TripletLoss =>
  (embeddings) =>
    tf.tidy(() => {
      const { pair01, pair02, pair12 } = pairSquaredDistances(embeddings, directed);
      const chosen = tf.add(pair01, mu);
      const kernels = [pair01, pair02, ...(pair12 ? [pair12] : [])].map((pair) => tf.reciprocal(tf.add(pair, mu)));
      return tf.mean(tf.log(tf.mul(chosen, tf.addN(kernels))), -1);
    });
