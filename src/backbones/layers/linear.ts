import * as tf from '../../tf.js';
import { affine, columnSums } from './elementwise.js';
import { operation } from './fused.js';

/**
 * Computes x w + bias + shortcut, as one operation forward and backward.
 *
 * @param x `[n, in] float32`
 * @param w `[in, out] float32`
 * @param bias `[out] float32`
 * @param shortcut `[n, out] float32`, added if given
 * @returns `[n, out] float32`
 */
export function linear(x: tf.Tensor2D, w: tf.Tensor2D, bias: tf.Tensor1D, shortcut?: tf.Tensor2D): tf.Tensor2D {
  const operands = [x, w, bias, ...(shortcut === undefined ? [] : [shortcut])];
  return operation(operands, () => ({
    value: affine(tf.matMul(x, w), { offset: bias, shortcut, over: true }),
    saved: [x, w],
    gradients(dy, saved) {
      const [u, v] = saved as tf.Tensor2D[];
      const gradients: tf.Tensor[] = [tf.matMul(dy, v, false, true), tf.matMul(u, dy, true), columnSums(dy)];
      return shortcut === undefined ? gradients : [...gradients, dy];
    },
  }));
}
