import * as tf from '../../tf.js';

/**
 * Sums all values, axis by axis from the last: the wasm backend adds one number after the other in float32, and over a
 * million numbers the fifth digit would be lost.
 */
export function pairwiseSum(x: tf.Tensor): tf.Scalar {
  let sum = x;
  while (sum.rank > 0) sum = tf.sum(sum, -1);
  return sum as tf.Scalar;
}
