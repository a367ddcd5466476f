import * as tf from '../../tf.js';
import { isSame, type Window } from './convolution.js';

/** Holds the sizes of a pooling. */
export interface Pooling extends Window {
  readonly size: number;
  /** Whether the number of windows is rounded up; the last window is cut at the end of the input. */
  readonly ceil?: boolean;
}

/** Returns the number of windows along an axis as in PyTorch: each must begin within the input or its left padding. */
export function numWindows(inputs: number, { size, stride, padding, ceil = false }: Pooling): number {
  const exact = (inputs + 2 * padding - size) / stride;
  const count = (ceil ? Math.ceil(exact) : Math.floor(exact)) + 1;
  return ceil && (count - 1) * stride >= inputs + padding ? count - 1 : count;
}

/** Returns what must be added behind an axis, in addition to the padding, so that all windows are whole. */
const lacking = (inputs: number, pooling: Pooling): number =>
  Math.max(0, (numWindows(inputs, pooling) - 1) * pooling.stride + pooling.size - inputs - 2 * pooling.padding);

/** Computes each window's maximum: `[b, height, width, c]`, without negative values, -> `[b, p, q, c] float32`. */
export function maxPool(x: tf.Tensor4D, pooling: Pooling): tf.Tensor4D {
  const { size, stride, padding } = pooling;
  const [, height, width] = x.shape;
  if (!pooling.ceil && isSame(height, size, pooling) && isSame(width, size, pooling))
    return tf.maxPool(x, size, stride, 'same');
  const sides = [height, width].map((inputs) => [padding, padding + lacking(inputs, pooling)] as [number, number]);
  // padding with zeros changes no maximum: the values come from a relu
  const around = sides.flat().some((side) => side > 0) ? tf.pad(x, [[0, 0], ...sides, [0, 0]]) : x;
  return tf.maxPool(around, size, stride, 'valid');
}

/** Computes each window's mean, its padding counted as zeros: `[b, height, width, c]` -> `[b, p, q, c] float32`. */
export function averagePool(x: tf.Tensor4D, pooling: Pooling): tf.Tensor4D {
  const { size, stride, padding } = pooling;
  const around: [number, number] = [padding, padding];
  return tf.avgPool(tf.pad(x, [[0, 0], around, around, [0, 0]]), size, stride, 'valid');
}

/** Computes the mean over the picture: `[b, height, width, c]` -> `[b, c] float32`. */
export function globalAverage(x: tf.Tensor4D): tf.Tensor2D {
  const [batch, height, width, channels] = x.shape;
  return tf.mean(tf.reshape(x, [batch, height * width, channels]), 1);
}
