import * as tf from '../tf.js';
import type { LossParameters } from '../catalogue/losses.js';
import { sumOverTriplets } from './shared/triplet-blocks.js';
import { quotient } from './shared/stable-math.js';
import type { DistillationLoss } from './loss.js';
import { pairsOf } from './shared/pairs.js';
import { semihardLosses } from './shared/semihard.js';
import { meanDistances } from './shared/teacher-distances.js';
import { pairWeights, readWeightType, tripletWeights } from './shared/teacher-weights.js';
import { pairwiseSum } from './shared/pairwise-sum.js';

/**
 * Makes the relaxed FaceNet loss: the sum of w_ij P_ij divided by the sum of w_ij. P_ij is the greatest w_ijk L_ijk of
 * the losses L_ijk = relu(margin - (D_ik - D_ij)) in (0, margin]. If that is at most `semihard_loss_threshold` (above
 * 0), 10 + min_k (L_ijk - 10 w_ijk [L_ijk > margin]) is added to P_ij where that minimum is negative.
 */
export const relaxedFacenet = (parameters: LossParameters<'relaxed_facenet'>): DistillationLoss => {
  const { margin, tau, semihard_loss_threshold, triplet_weight_type } = parameters;
  const { squared } = readWeightType(triplet_weight_type);
  return (embeddings, teachers) =>
    tf.tidy(() => {
      const mean = meanDistances(teachers);
      const pairs = pairWeights(mean, tau, squared);
      const weights = tripletWeights(parameters, mean, pairs);
      const threshold = semihard_loss_threshold > 0 ? semihard_loss_threshold : undefined;
      const losses = sumOverTriplets(pairsOf(embeddings).distances, (difference, rows) =>
        semihardLosses(difference, margin, weights(rows), rows(pairs.positive), threshold),
      );
      return quotient(losses, pairwiseSum(pairs.positive));
    });
};
