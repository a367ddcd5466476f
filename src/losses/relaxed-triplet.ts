import * as tf from '../tf.js';
import type { LossParameters } from '../catalogue/losses.js';
import { constantOverTriplets, sumOverTriplets, weightedHinges } from './shared/triplet-blocks.js';
import { quotient } from './shared/stable-math.js';
import type { DistillationLoss } from './loss.js';
import { pairsOf } from './shared/pairs.js';
import { meanDistances } from './shared/teacher-distances.js';
import { pairWeights, tripletWeights } from './shared/teacher-weights.js';

/**
 * Makes the relaxed triplet margin loss: the sum of w_ijk relu(margin - (D_ik - D_ij)) over all n^3 triplets, divided
 * by the sum of w_ijk, the weights that the teachers give (see `tripletWeights`).
 */
export const relaxedTriplet = (parameters: LossParameters<'relaxed_triplet'>): DistillationLoss => {
  const { margin, tau } = parameters;
  return (embeddings, teachers) =>
    tf.tidy(() => {
      const mean = meanDistances(teachers);
      const weights = tripletWeights(parameters, mean, pairWeights(mean, tau, false));
      const losses = sumOverTriplets(pairsOf(embeddings).distances, (difference, rows) =>
        weightedHinges(difference, margin, weights(rows)),
      );
      return quotient(losses, constantOverTriplets(embeddings.shape[0], weights));
    });
};
