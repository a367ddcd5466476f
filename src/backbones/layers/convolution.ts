import * as tf from '../../tf.js';
import { fixedAffine, type Norm } from './batch-norm.js';
import { affine, maskedSums, scaledGradients } from './elementwise.js';
import { fused, operation, type Computed } from './fused.js';

/** Holds the stride and padding of a convolution or pooling. */
export interface Window {
  readonly stride: number;
  /** Zeros on each side; a maximum ignores them. */
  readonly padding: number;
}

/** Says how a convolution ends: bias, batch normalization with running statistics, shortcut, relu, each if it is given. */
export interface Ending {
  /** `[out]` */
  readonly bias?: tf.Tensor1D | undefined;
  readonly norm?: Norm;
  /** Added before the relu: `[b, p, q, out]` */
  readonly shortcut?: tf.Tensor4D | undefined;
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
 * Computes relu(norm(conv(x, w) + bias) + shortcut), as one operation forward and backward.
 *
 * The filter is scaled, not its product with x, so that of all pictures only input and output are kept for the gradient.
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
  ending: Ending,
  fixedInput = false,
): tf.Tensor4D {
  const { bias, norm, shortcut } = ending;
  const all = [w, fixedInput ? undefined : x, norm?.scale, norm?.shift, bias, shortcut];
  const operands = all.filter((tensor) => tensor !== undefined) as tf.Tensor[];
  return operation(operands, () => {
    const given = { x, w, window, ending, fixedInput };
    return byOneKernel(given) ?? byKernels(given);
  });
}

interface Given {
  readonly x: tf.Tensor4D;
  readonly w: tf.Tensor4D;
  readonly window: Window;
  readonly ending: Ending;
  readonly fixedInput: boolean;
}

/** Computes it with the engine's kernel for all of it, if it has one. */
function byOneKernel({ x, w, window, ending, fixedInput }: Given): Computed<tf.Tensor4D> | undefined {
  const { bias, norm, shortcut, relu = false } = ending;
  const { stride, padding } = window;
  const { scale, shift, mean, variance, epsilon = 0 } = norm ?? {};
  const tensors = { x, w, scale, shift, mean, variance, bias, shortcut };
  const results = fused('ConvolutionUnit', tensors, { stride, padding, epsilon, relu });
  if (results === undefined) return undefined;
  const value = results[0] as tf.Tensor4D;
  const wanted = { x: !fixedInput, bias: bias !== undefined, shortcut: shortcut !== undefined };
  return {
    value,
    saved: [x, w, ...results.slice(relu ? 0 : 1)],
    gradients(dy, [input, plain, ...saved]) {
      const y = relu ? saved.shift() : undefined;
      const [filter, constants] = saved as (tf.Tensor | undefined)[];
      const kept = { dy, y, x: input, w: plain, filter, constants };
      return fused('ConvolutionUnitGradient', kept, { stride, padding, ...wanted })!;
    },
  };
}

/** Computes it with a kernel for each part. */
function byKernels({ x, w, window, ending, fixedInput }: Given): Computed<tf.Tensor4D> {
  const { bias, norm, shortcut, relu = false } = ending;
  const { x: input, pad } = padded(x, w.shape[0], window);
  const fixed = norm && fixedAffine(norm, bias);
  const filter = fixed === undefined ? w : affine(w, { factor: fixed.factor });
  const product = tf.conv2d(input, filter, window.stride, pad);
  const y = affine(product, { offset: fixed === undefined ? bias : fixed.offset, shortcut, relu, over: true });
  return {
    value: y,
    saved: [input, filter, ...(fixed ? [w, fixed.factor, fixed.inverse, fixed.centre] : []), ...(relu ? [y] : [])],
    gradients(dy, saved) {
      const [u, v, plain] = saved as tf.Tensor4D[];
      const [factor, inverse, centre] = saved.slice(3) as tf.Tensor1D[];
      const { g, sums } = maskedSums(dy, relu ? (saved.at(-1) as tf.Tensor4D) : undefined);
      const attributes = { strides: window.stride, pad, dataFormat: 'NHWC' };
      const run = (kernel: string, tensors: tf.NamedTensorMap, shape: Record<string, number[]>) =>
        tf.engine().runKernel(kernel, tensors, { ...attributes, ...shape }) as tf.Tensor4D;
      const dv = run('Conv2DBackpropFilter', { x: u, dy: g }, { filterShape: v.shape });
      const [dw, along] = norm === undefined ? [dv] : scaledGradients(dv, plain, factor);
      const gradients: tf.Tensor[] = [dw];
      if (!fixedInput) {
        const du = run('Conv2DBackpropInput', { dy: g, filter: v }, { inputShape: u.shape });
        const { padding } = window;
        gradients.push(du.shape[1] === x.shape[1] ? du : tf.slice(du, [0, padding, padding, 0], x.shape));
      }
      if (along !== undefined) gradients.push(tf.mul(tf.add(along, tf.mul(sums, centre)), inverse), sums);
      if (bias !== undefined) gradients.push(norm === undefined ? sums : tf.mul(sums, factor));
      if (shortcut !== undefined) gradients.push(g);
      return gradients;
    },
  };
}
