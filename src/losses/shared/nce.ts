import * as tf from '../../tf.js';
import { greatest, logarithm, quotient } from './stable-math.js';

/**
 * log(p_ij / (p_ij + sum_k far_ik e_ik)), p = near e, e = exp(scores - the row's greatest); `[n, n] float32`.
 *
 * @param scores, near, far `[n, n] float32`
 */
export function contrastedLogarithms(scores: tf.Tensor, near: tf.Tensor, far: tf.Tensor): tf.Tensor {
  const exponentials = tf.exp(tf.sub(scores, greatest(scores)));
  const positive = tf.mul(near, exponentials);
  return logarithm(quotient(positive, tf.add(positive, tf.sum(tf.mul(far, exponentials), 1, true))));
}
