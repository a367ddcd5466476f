import * as tf from '../../tf.js';

/** The original's constant that guards quotients, square roots and logarithms. */
export const EPSILON = 1e-12;

/** Computes x / (y + 1e-12). */
export const quotient = <T extends tf.Tensor>(x: T, y: tf.Tensor): T => tf.div(x, tf.add(y, EPSILON));

/** Computes sqrt(max(x, 1e-12)), without gradient where clamped. */
export const root = (x: tf.Tensor): tf.Tensor => tf.sqrt(tf.maximum(x, EPSILON));

/** Computes log x of x clamped to [1e-12, 1e12], without gradient where clamped. */
export const logarithm = (x: tf.Tensor): tf.Tensor => tf.log(tf.minimum(tf.maximum(x, EPSILON), 1 / EPSILON));

/**
 * Computes e^x for x up to 80, and e^80 above, so that it stays finite. Beyond e^80 every logarithm here is clamped
 * anyway, and infinity times 0 would make the gradient NaN.
 */
export const exponential = (x: tf.Tensor): tf.Tensor => tf.exp(tf.minimum(x, 80));

/** Computes Huber's loss with delta 1: x^2 / 2 where |x| <= 1, and |x| - 1/2 elsewhere. */
export const huber = (x: tf.Tensor): tf.Tensor => {
  const inner = tf.clipByValue(x, -1, 1);
  return tf.add(tf.mul(0.5, tf.square(inner)), tf.abs(tf.sub(x, inner)));
};

/** Computes f(x) without a gradient with respect to x: masks and the like. */
export function untracked(x: tf.Tensor, f: (x: tf.Tensor) => tf.Tensor): tf.Tensor {
  const { shape } = x;
  return tf.customGrad((...[given]) => ({ value: f(given as tf.Tensor), gradFunc: () => tf.zeros(shape) }))(x);
}

/**
 * Returns the greatest of the last axis, which is kept with length 1. Ties share the gradient evenly, as in PyTorch's
 * amax; in TensorFlow.js each of them gets all of it.
 */
export function greatest(x: tf.Tensor): tf.Tensor {
  const shares = untracked(x, (y) => {
    const ties = tf.cast(tf.equal(y, tf.max(y, -1, true)), 'float32');
    return tf.div(ties, tf.sum(ties, -1, true));
  });
  return tf.sum(tf.mul(x, shares), -1, true);
}
