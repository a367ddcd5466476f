import * as tf from '../../tf.js';
import type { BlockLoss } from './triplet-blocks.js';

const RHO = 10;
const indicator = (condition: tf.Tensor): tf.Tensor => tf.cast(condition, 'float32');

/** Returns 1 where x is the given value of its row; ties share it evenly, like gradients of PyTorch's amax and amin. */
function shares(x: tf.Tensor, value: tf.Tensor): tf.Tensor {
  const ties = indicator(tf.equal(x, value));
  return tf.div(ties, tf.sum(ties, -1, true));
}

/**
 * Computes the weighted loss of each pair ij from its triplets' losses L = relu(margin - difference): the greatest w L
 * of those L in (0, margin]. If that is at most `threshold`, 10 + min_k (L - 10 w [L > margin]) is added where that
 * minimum is negative.
 *
 * @param difference `[count, n, n] float32`
 * @param weights w, of the same shape
 * @param pairs the pairs' weights, `[count, n]`
 * @param threshold undefined: nothing is added
 */
export function semihardLosses(
  difference: tf.Tensor3D,
  margin: number,
  weights: tf.Tensor,
  pairs: tf.Tensor2D,
  threshold: number | undefined,
): BlockLoss {
  const losses = tf.relu(tf.sub(margin, difference));
  const own = tf.expandDims(pairs, 2);
  const hard = indicator(tf.greater(losses, margin));
  const factors = tf.mul(tf.sub(1, hard), weights);
  const products = tf.mul(losses, factors);
  const semihard = tf.max(products, -1, true);
  let value = semihard;
  let byLoss = tf.mul(shares(products, semihard), factors);
  if (threshold !== undefined) {
    const shifted = tf.sub(losses, tf.mul(tf.mul(hard, weights), RHO));
    const least = tf.min(shifted, -1, true);
    const added = tf.mul(indicator(tf.lessEqual(semihard, threshold)), indicator(tf.less(least, 0)));
    value = tf.add(value, tf.mul(added, tf.add(least, RHO)));
    byLoss = tf.add(byLoss, tf.mul(added, shares(shifted, least)));
  }
  const pairGradients = tf.neg(tf.mul(tf.mul(byLoss, own), indicator(tf.greater(losses, 0))));
  return { losses: tf.mul(value, own), pairGradients };
}
