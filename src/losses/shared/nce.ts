import * as tf from '../../tf.js';
import { greatest, logarithm, quotient } from './stable-math.js';

/**
 * Computes log(p_ij / (p_ij + sum_k negative_ik e_ik)), p = positive e, e = exp(scores - the greatest of the row):
 * `[n, n] float32`.
 *
 * @param scores, positive, negative `[n, n] float32`
 */
export function contrastedLogarithms(scores: tf.Tensor, positive: tf.Tensor, negative: tf.Tensor): tf.Tensor {
  const exponentials = tf.exp(tf.sub(scores, greatest(scores)));
  const attracted = tf.mul(positive, exponentials);
  return logarithm(quotient(attracted, tf.add(attracted, tf.sum(tf.mul(negative, exponentials), 1, true))));
}
