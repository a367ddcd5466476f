import * as tf from '../../tf.js';

/** The reference's guard of quotients, square roots and logarithms. */
export const EPSILON = 1e-12;

/** x / (y + 1e-12). */
export const quotient = <T extends tf.Tensor>(x: T, y: tf.Tensor): T => tf.div(x, tf.add(y, EPSILON));

/** sqrt(max(x, 1e-12)), no gradient where clamped. */
export const root = (x: tf.Tensor): tf.Tensor => tf.sqrt(tf.maximum(x, EPSILON));

/** log of x clamped to [1e-12, 1e12], no gradient where clamped. */
export const logarithm = (x: tf.Tensor): tf.Tensor => tf.log(tf.minimum(tf.maximum(x, EPSILON), 1 / EPSILON));

/** e^x that stays finite: beyond e^80 every logarithm here is clamped anyway, and infinity times 0 would be no gradient. */
export const exponential = (x: tf.Tensor): tf.Tensor => tf.exp(tf.minimum(x, 80));

/** Huber's loss with delta 1: x^2 / 2 where |x| <= 1, and |x| - 1/2 elsewhere. */
export const huber = (x: tf.Tensor): tf.Tensor => {
  const inner = tf.clipByValue(x, -1, 1);
  return tf.add(tf.mul(0.5, tf.square(inner)), tf.abs(tf.sub(x, inner)));
};

/** What has no gradient by x: masks and the like. */
export function untracked(x: tf.Tensor, f: (x: tf.Tensor) => tf.Tensor): tf.Tensor {
  const { shape } = x;
  return tf.customGrad((...[given]) => ({ value: f(given as tf.Tensor), gradFunc: () => tf.zeros(shape) }))(x);
}

/**
 * The greatest of the last axis, which stays with length 1; the gradient is spread evenly over ties, as PyTorch's amax
 * does (TensorFlow.js gives each of them all of it).
 */
export function greatest(x: tf.Tensor): tf.Tensor {
  const shares = untracked(x, (y) => {
    const ties = tf.cast(tf.equal(y, tf.max(y, -1, true)), 'float32');
    return tf.div(ties, tf.sum(ties, -1, true));
  });
  return tf.sum(tf.mul(x, shares), -1, true);
}
