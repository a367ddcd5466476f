import * as tf from '@tensorflow/tfjs';
import { differences, sumOverAnchors } from './anchors.js';
import { quotient } from './clamped.js';
import type { DistillationLoss } from './loss.js';
import { pairsOf } from './pairs.js';
import { semihardLosses } from './semihard.js';
import { meanDistances } from './teacher-distances.js';
import { pairWeights, readWeightType, tripletWeights, type TripletWeightParameters } from './teacher-weights.js';

export interface RelaxedFacenetParameters extends TripletWeightParameters {
  readonly margin: number;
  /** At most this: the least hard loss is added. 0: never. */
  readonly semihard_loss_threshold: number;
}

/**
 * Relaxed FaceNet loss: sum of w_ij P_ij over the sum of w_ij, where P_ij is the greatest w_ijk L_ijk of the losses
 * L_ijk = relu(margin - (D_ik - D_ij)) in (0, margin]; where that is at most `semihard_loss_threshold` (above 0),
 * 10 + min_k (L_ijk - 10 w_ijk [L_ijk > margin]) is added, if that minimum is negative.
 */
export const relaxedFacenet = (parameters: RelaxedFacenetParameters): DistillationLoss => {
  const { margin, tau, semihard_loss_threshold, triplet_weight_type } = parameters;
  const { squared } = readWeightType(triplet_weight_type);
  return (embeddings, teachers) =>
    tf.tidy(() => {
      const mean = meanDistances(teachers);
      const pairs = pairWeights(mean, tau, squared);
      const weights = tripletWeights(parameters, mean, pairs);
      const threshold = semihard_loss_threshold > 0 ? semihard_loss_threshold : undefined;
      const losses = sumOverAnchors([pairsOf(embeddings).distances], ([distances], rows) => {
        const hinges = tf.relu(tf.sub(margin, differences(rows(distances)))) as tf.Tensor3D;
        return tf.mul(semihardLosses(hinges, weights(rows), margin, threshold), rows(pairs.near));
      });
      return quotient(losses, tf.sum(pairs.near));
    });
};
