import * as tf from '../tf.js';
import { UsageError } from '../errors.js';
import { constantOverTriplets, sumOverTriplets, weighedHinges } from './shared/triplet-blocks.js';
import { quotient } from './shared/stable-math.js';
import type { DistillationLoss } from './loss.js';
import { pairsOf } from './shared/pairs.js';
import { meanDistances } from './shared/teacher-distances.js';
import { pairWeights, readWeightType, tripletWeights, type TripletWeightParameters } from './shared/teacher-weights.js';

export interface RelaxedTripletParameters extends TripletWeightParameters {
  readonly margin: number;
}

/** @throws UsageError for a weight type by squares, which this loss has not */
export function checkRelaxedTriplet({ triplet_weight_type }: RelaxedTripletParameters): void {
  if (readWeightType(triplet_weight_type).squared)
    throw new UsageError(
      `invalid triplet_weight_type: ${triplet_weight_type}; relaxed_triplet knows from_source_pairs and from_source_triplets`,
    );
}

/**
 * Relaxed triplet margin loss: sum of w_ijk relu(margin - (D_ik - D_ij)) over all n^3 triplets, over the sum of w_ijk,
 * the weights of the teachers (see `tripletWeights`).
 */
export const relaxedTriplet = (parameters: RelaxedTripletParameters): DistillationLoss => {
  checkRelaxedTriplet(parameters);
  const { margin, tau } = parameters;
  return (embeddings, teachers) =>
    tf.tidy(() => {
      const mean = meanDistances(teachers);
      const weights = tripletWeights(parameters, mean, pairWeights(mean, tau, false));
      const losses = sumOverTriplets(pairsOf(embeddings).distances, (difference, rows) =>
        weighedHinges(difference, margin, weights(rows)),
      );
      return quotient(losses, constantOverTriplets(embeddings.shape[0], weights));
    });
};
