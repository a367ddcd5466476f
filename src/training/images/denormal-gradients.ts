import * as tf from '../../tf.js';
import type { BatchLoss } from './micro-batches.js';

/** Values smaller than this share of the largest one do not change a sum in float32. */
const NEGLIGIBLE = 1e-20;

/** Sets to zero, in place, values that are negligible beside the largest one. */
export function zeroNegligible(gradient: Float32Array): Float32Array {
  let most = 0;
  for (const value of gradient) most = Math.max(most, Math.abs(value));
  const least = NEGLIGIBLE * most;
  for (let i = 0; i < gradient.length; i++) if (Math.abs(gradient[i]) < least) gradient[i] = 0;
  return gradient;
}

/** Returns embeddings unchanged, and drops negligible values from their gradient. */
const withoutNegligibleGradient = tf.customGrad((embeddings) => ({
  value: (embeddings as tf.Tensor).clone(),
  gradFunc: (gradient: tf.Tensor) => {
    const size = tf.abs(gradient);
    return tf.where(tf.less(size, tf.mul(tf.max(size), NEGLIGIBLE)), tf.zerosLike(gradient), gradient);
  },
}));

/**
 * Returns the same loss with a gradient whose negligible values are 0.
 *
 * Softmaxes at low temperatures leave gradients of 1e-30 and less. A few layers further these become denormal numbers,
 * which processors multiply ten times more slowly.
 */
export function withoutDenormalGradients({ at, ofTensor }: BatchLoss): BatchLoss {
  return {
    at: (embeddings, n, d) => {
      const { value, gradient } = at(embeddings, n, d);
      return { value, gradient: zeroNegligible(gradient) };
    },
    ofTensor: ofTensor && ((embeddings) => ofTensor(withoutNegligibleGradient(embeddings) as tf.Tensor2D)),
  };
}
