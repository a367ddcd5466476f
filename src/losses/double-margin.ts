import * as tf from '../tf.js';
import type { LossParameters } from '../catalogue/losses.js';
import type { TripletLoss } from './loss.js';
import { meanOf, pairDistances } from './shared/triplet-pairs.js';

/**
 * Makes the margin loss on triplets: relu(d01 - (beta - margin)) + relu(beta + margin - d02), if undirected averaged
 * with the same sum with d12 in place of d02.
 *
 * After Wu, Manmatha, Smola, Krähenbühl, *Sampling matters in deep embedding learning*, ICCV 2017.
 */
export const doubleMargin =
  ({ margin, beta }: LossParameters<'double_margin'>, directed: boolean): TripletLoss =>
  (embeddings) =>
    tf.tidy(() => {
      const { pair01, pair02, pair12 } = pairDistances(embeddings, directed);
      const negative = (distance: tf.Tensor): tf.Tensor => tf.relu(tf.sub(beta + margin, distance));
      const positive = tf.relu(tf.sub(pair01, beta - margin));
      return tf.mean(tf.add(positive, meanOf(negative(pair02), pair12 && negative(pair12))), -1);
    });
