import * as tf from '../../tf.js';

/** The square of 1e-12, the least norm that PyTorch's `normalize` divides by. */
const SMALLEST_SQUARED_NORM = 1e-24;

/** Divides rows `[n, d] float32` by their length; rows of zeros stay as they are and get no gradient. */
export function normalizeRows(x: tf.Tensor2D): tf.Tensor2D {
  const squared = tf.maximum(tf.sum(tf.square(x), 1, true), SMALLEST_SQUARED_NORM);
  return tf.mul(x, tf.rsqrt(squared));
}
