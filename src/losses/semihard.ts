import * as tf from '@tensorflow/tfjs';
import { greatest, least } from './clamped.js';

const RHO = 10;
const indicator = (condition: tf.Tensor): tf.Tensor => tf.cast(condition, 'float32');

/**
 * The loss of each pair ij from those of its triplets: the greatest w L of the L in (0, margin], to which is added, where
 * it is at most `threshold`, 10 + the least of L - 10 w [L > margin] if that is negative.
 *
 * @param losses L, `[count, n, n] float32`, @param weights w, the same
 * @param threshold undefined: nothing is added
 * @returns `[count, n] float32`
 */
export function semihardLosses(
  losses: tf.Tensor3D,
  weights: tf.Tensor3D,
  margin: number,
  threshold: number | undefined,
): tf.Tensor2D {
  const hard = indicator(tf.greater(losses, margin));
  const semihard = greatest(tf.mul(losses, tf.mul(tf.sub(1, hard), weights)));
  if (threshold === undefined) return tf.squeeze(semihard, [2]);
  const shifted = least(tf.sub(losses, tf.mul(tf.mul(hard, weights), RHO)));
  const added = tf.mul(tf.add(shifted, RHO), indicator(tf.less(shifted, 0)));
  return tf.squeeze(tf.add(semihard, tf.mul(indicator(tf.lessEqual(semihard, threshold)), added)), [2]);
}
