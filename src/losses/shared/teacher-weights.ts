import * as tf from '../../tf.js';
import type { TripletWeightType } from '../../catalogue/loss-parameters.js';
import type { LossParameters } from '../../catalogue/losses.js';
import { differences, type Rows } from './triplet-blocks.js';
import { offDiagonal } from './pairs.js';

/** How near (w) and how far (v = 1 - w) two items are in the teachers' eyes; both diagonals 0; `[n, n] float32`. */
export interface PairWeights {
  readonly positive: tf.Tensor2D;
  readonly negative: tf.Tensor2D;
}

/** w = exp(-D / tau) or, squared, exp(-D^2 / tau), of the teachers' mean distances `[n, n]`. */
export function pairWeights(distances: tf.Tensor2D, tau: number, squared: boolean): PairWeights {
  const weights = tf.exp(tf.div(squared ? tf.square(distances) : distances, -tau));
  const others = offDiagonal(distances.shape[0]);
  return { positive: tf.mul(weights, others), negative: tf.mul(tf.sub(1, weights), others) };
}

/** What triplets weigh by the teachers' distances; with the suffix 2 pairs weigh by their squares. */
export type TripletWeightParameters = Pick<
  LossParameters<'relaxed_facenet'>,
  'triplet_weight_type' | 'tau' | 'margin2'
>;

/** A `triplet_weight_type`, taken apart. */
export function readWeightType(type: TripletWeightType): { readonly fromPairs: boolean; readonly squared: boolean } {
  return { fromPairs: type.startsWith('from_source_pairs'), squared: type.endsWith('2') };
}

/**
 * Weights of the triplets of some anchors, `[count, n, n]`: from_source_pairs, w_ij v_ik; from_source_triplets,
 * sigmoid((D_ik - D_ij - margin2) / tau) of the distances themselves, nothing excluded.
 */
export function tripletWeights(
  { triplet_weight_type, tau, margin2 = 0 }: TripletWeightParameters,
  distances: tf.Tensor2D,
  { positive, negative }: PairWeights,
): (rows: Rows) => tf.Tensor3D {
  const { fromPairs } = readWeightType(triplet_weight_type);
  return (rows) =>
    fromPairs
      ? tf.mul<tf.Tensor3D>(tf.expandDims(rows(positive), 2), tf.expandDims(rows(negative), 1))
      : tf.sigmoid(tf.div<tf.Tensor3D>(tf.sub(differences(rows(distances)), margin2), tau));
}
