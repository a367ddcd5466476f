import * as tf from '../tf.js';
import type { LossParameters } from '../catalogue/losses.js';
import type { TripletLoss } from './loss.js';
import { meanOf, pairDistances } from './shared/triplet-pairs.js';

/**
 * Makes the triplet margin loss: relu(margin - (d02 - d01)), if undirected averaged with relu(margin - (d12 - d01)).
 *
 * After Schroff, Kalenichenko, Philbin, *FaceNet*, CVPR 2015.
 */
export const triplet =
  ({ margin }: LossParameters<'triplet'>, directed: boolean): TripletLoss =>
  (embeddings) =>
    tf.tidy(() => {
      const { pair01, pair02, pair12 } = pairDistances(embeddings, directed);
      const hinge = (negative: tf.Tensor): tf.Tensor => tf.relu(tf.sub(margin, tf.sub(negative, pair01)));
      return tf.mean(meanOf(hinge(pair02), pair12 && hinge(pair12)), -1);
    });
