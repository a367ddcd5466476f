import * as tf from '../tf.js';
import type { LossParameters } from '../catalogue/losses.js';
import type { TripletLoss } from './loss.js';
import { meanOf, pairDistances } from './shared/triplet-pairs.js';

/**
 * Makes the contrastive loss on triplets: the mean of relu(d01 - margin_positive), relu(margin_negative - d02) and, if
 * undirected, relu(margin_negative - d12).
 *
 * After Hadsell, Chopra, LeCun, *Dimensionality reduction by learning an invariant mapping*, CVPR 2006.
 */
export const doubleContrastive =
  ({ margin_positive, margin_negative }: LossParameters<'double_contrastive'>, directed: boolean): TripletLoss =>
  (embeddings) =>
    tf.tidy(() => {
      const { pair01, pair02, pair12 } = pairDistances(embeddings, directed);
      const negative = (distance: tf.Tensor): tf.Tensor => tf.relu(tf.sub(margin_negative, distance));
      return tf.mean(
        meanOf(tf.relu(tf.sub(pair01, margin_positive)), negative(pair02), pair12 && negative(pair12)),
        -1,
      );
    });
