import * as tf from '../tf.js';
import type { LossParameters } from '../catalogue/losses.js';
import type { TripletLoss } from './loss.js';
import { meanOf, pairDistances } from './shared/triplet-pairs.js';

/**
 * Makes the loss of soft ordinal embedding: relu(margin + d01 - d02)^2, if undirected averaged with
 * relu(margin + d01 - d12)^2, since an odd one out is two comparisons. The rows are those of `Ordinal`, of any length.
 * Not in the paper.
 *
 * After Terada, von Luxburg, *Local ordinal embedding*, ICML 2014.
 */
export const soe =
  ({ margin }: LossParameters<'soe'>, directed: boolean): TripletLoss =>
  (embeddings) =>
    tf.tidy(() => {
      const { pair01, pair02, pair12 } = pairDistances(embeddings, directed);
      const hinge = (negative: tf.Tensor): tf.Tensor => tf.square(tf.relu(tf.sub(tf.add(pair01, margin), negative)));
      return tf.mean(meanOf(hinge(pair02), pair12 && hinge(pair12)), -1);
    });
