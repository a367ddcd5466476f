import * as tf from '../../tf.js';

/** The square of the 1e-12 that PyTorch's `normalize` divides by at least. */
const SMALLEST_SQUARED_NORM = 1e-24;

/** Rows divided by their length: `[n, d] float32` -> the same; rows of zeros stay, without gradient. */
export function normalizeRows(x: tf.Tensor2D): tf.Tensor2D {
  const squared = tf.maximum(tf.sum(tf.square(x), 1, true), SMALLEST_SQUARED_NORM);
  return tf.mul(x, tf.rsqrt(squared));
}
