import * as tf from '../../tf.js';
import { affine, maskedSums, scaledGradients } from './elementwise.js';
import { operation } from './fused.js';

/** Holds the stride and padding of a convolution or pooling. */
export interface Window {
  readonly stride: number;
  /** Zeros on each side; a maximum ignores them. */
  readonly padding: number;
}

/** Says how a convolution ends: batch normalization with fixed statistics, shortcut, relu, each if it is given. */
export interface Ending {
  /** Factor of each output channel, `[out]`, by which the filter is multiplied. */
  readonly scale?: tf.Tensor1D;
  /** `[out]` */
  readonly shift?: tf.Tensor1D;
  /** Added before the relu: `[b, p, q, out]` */
  readonly shortcut?: tf.Tensor4D;
  readonly relu?: boolean;
}

/** Tells whether equal padding on both sides is the same as TensorFlow's `same`, which all engines have. */
export function isSame(inputs: number, size: number, { stride, padding }: Window): boolean {
  const total = Math.max(0, (Math.ceil(inputs / stride) - 1) * stride + size - inputs);
  const outputs = Math.floor((inputs + 2 * padding - size) / stride) + 1;
  return total === 2 * padding && outputs === Math.ceil(inputs / stride);
}

/** Pads the input if the convolution cannot do so itself, and returns the padding that the convolution has to do. */
function padded(x: tf.Tensor4D, size: number, window: Window): { x: tf.Tensor4D; pad: 'same' | 'valid' } {
  const { padding } = window;
  if (padding === 0) return { x, pad: 'valid' };
  if (isSame(x.shape[1], size, window) && isSame(x.shape[2], size, window)) return { x, pad: 'same' };
  const around: [number, number] = [padding, padding];
  return { x: tf.pad(x, [[0, 0], around, around, [0, 0]]), pad: 'valid' };
}

/**
 * Computes relu(conv(x, w scale) + shift + shortcut), as one operation forward and backward.
 *
 * Only input, filter and output are kept for the gradient.
 *
 * @param x `[b, height, width, in] float32`
 * @param w `[h, w, in, out] float32`
 * @param fixedInput whether no gradient with respect to `x` is wanted, as for the first layer's pictures
 * @returns `[b, p, q, out] float32`
 */
export function convolution(
  x: tf.Tensor4D,
  w: tf.Tensor4D,
  window: Window,
  { scale, shift, shortcut, relu = false }: Ending,
  fixedInput = false,
): tf.Tensor4D {
  const operands: tf.Tensor[] = [w];
  const place = (tensor: tf.Tensor | undefined) => (tensor === undefined ? -1 : operands.push(tensor) - 1);
  const [atX, atScale, atShift, atShortcut] = [fixedInput ? undefined : x, scale, shift, shortcut].map(place);
  return operation(operands, () => {
    const { x: input, pad } = padded(x, w.shape[0], window);
    const folded = scale === undefined ? w : affine(w, { factor: scale });
    const product = tf.conv2d(input, folded, window.stride, pad);
    const y = affine(product, { offset: shift, shortcut, relu, over: true });
    return {
      value: y,
      saved: [input, folded, w, ...(scale === undefined ? [] : [scale]), ...(relu ? [y] : [])],
      gradients(dy, saved) {
        const [u, v, plain] = saved as tf.Tensor4D[];
        const { g, sums } = maskedSums(dy, relu ? (saved.at(-1) as tf.Tensor4D) : undefined);
        const attributes = { strides: window.stride, pad, dataFormat: 'NHWC' };
        const run = (kernel: string, tensors: tf.NamedTensorMap, shape: Record<string, number[]>) =>
          tf.engine().runKernel(kernel, tensors, { ...attributes, ...shape }) as tf.Tensor4D;
        const gradients: tf.Tensor[] = [];
        const dv = run('Conv2DBackpropFilter', { x: u, dy: g }, { filterShape: v.shape });
        if (scale === undefined) gradients[0] = dv;
        else [gradients[0], gradients[atScale]] = scaledGradients(dv, plain, saved[3] as tf.Tensor1D);
        if (shift !== undefined) gradients[atShift] = sums;
        if (shortcut !== undefined) gradients[atShortcut] = g;
        if (!fixedInput) {
          const du = run('Conv2DBackpropInput', { dy: g, filter: v }, { inputShape: u.shape });
          const { padding } = window;
          gradients[atX] = du.shape[1] === x.shape[1] ? du : tf.slice(du, [0, padding, padding, 0], x.shape);
        }
        return gradients;
      },
    };
  });
}
