import * as tf from '../../tf.js';
import type { TripletWeightType } from '../../catalogue/loss-parameters.js';
import type { LossParameters } from '../../catalogue/losses.js';
import { differences, type Rows } from './triplet-blocks.js';
import { offDiagonal } from './pairs.js';

/** Holds pair weights w, 1 for items that are equal to the teachers, and v = 1 - w; diagonals 0; `[n, n] float32`. */
export interface PairWeights {
  readonly positive: tf.Tensor2D;
  readonly negative: tf.Tensor2D;
}

/** Computes w = exp(-D / tau) or, if `squared`, exp(-D^2 / tau), from the teachers' mean distances `[n, n]`. */
export function pairWeights(distances: tf.Tensor2D, tau: number, squared: boolean): PairWeights {
  const weights = tf.exp(tf.div(squared ? tf.square(distances) : distances, -tau));
  const others = offDiagonal(distances.shape[0]);
  return { positive: tf.mul(weights, others), negative: tf.mul(tf.sub(1, weights), others) };
}

/** Holds the parameters of triplet weights, which come from the teachers' distances. */
export type TripletWeightParameters = Pick<
  LossParameters<'relaxed_facenet'>,
  'triplet_weight_type' | 'tau' | 'margin2'
>;

/** Reads a `triplet_weight_type`; with the suffix 2, weights of pairs come from squared distances. */
export function readWeightType(type: TripletWeightType): { readonly fromPairs: boolean; readonly squared: boolean } {
  return { fromPairs: type.startsWith('from_source_pairs'), squared: type.endsWith('2') };
}

/**
 * Computes the weights of the triplets of some anchors, `[count, n, n]`: for from_source_pairs w_ij v_ik, for
 * from_source_triplets sigmoid((D_ik - D_ij - margin2) / tau) of the distances themselves, with no triplet excluded.
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
