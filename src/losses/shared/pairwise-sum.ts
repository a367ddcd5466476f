import * as tf from '../../tf.js';

/**
 * The sum of all values, axis by axis from the last: the wasm backend adds one number after the other in float32, which
 * over a million of them would cost the fifth digit.
 */
export function pairwiseSum(x: tf.Tensor): tf.Scalar {
  let sum = x;
  while (sum.rank > 0) sum = tf.sum(sum, -1);
  return sum as tf.Scalar;
}
