import * as tf from '../../tf.js';
import type { BatchLoss } from './micro-batches.js';

/** What is so much smaller than the largest number cannot be seen in a sum of float32. */
const TRACE = 1e-20;

/** Zeroes in place what is too small to be seen beside the largest of the numbers. */
export function dropTraces(gradient: Float32Array): Float32Array {
  let most = 0;
  for (const value of gradient) most = Math.max(most, Math.abs(value));
  const least = TRACE * most;
  for (let i = 0; i < gradient.length; i++) if (Math.abs(gradient[i]) < least) gradient[i] = 0;
  return gradient;
}

/** Gives embeddings back, and their gradient without its traces. */
const tracelessly = tf.customGrad((embeddings) => ({
  value: (embeddings as tf.Tensor).clone(),
  gradFunc: (gradient: tf.Tensor) => {
    const size = tf.abs(gradient);
    return tf.where(tf.less(size, tf.mul(tf.max(size), TRACE)), tf.zerosLike(gradient), gradient);
  },
}));

/**
 * The same loss with a gradient whose traces are 0.
 *
 * Softmaxes at low temperatures leave gradients of 1e-30 and less. A few layers on these are denormal numbers, with which
 * processors multiply ten times slower.
 */
export function withoutTraces({ at, ofTensor }: BatchLoss): BatchLoss {
  return {
    at: (embeddings, n, d) => {
      const { value, gradient } = at(embeddings, n, d);
      return { value, gradient: dropTraces(gradient) };
    },
    ofTensor: ofTensor && ((embeddings) => ofTensor(tracelessly(embeddings) as tf.Tensor2D)),
  };
}
