import * as tf from '../tf.js';

/**
 * Names the kernels that layers and optimizers use where an engine has them; elsewhere they use operations. A row is
 * what lies along the last axis.
 *
 * - `RowsAffine`: x factor + offset + shortcut, then relu if `relu` is set; written over x if `over` is set.
 * - `RowsMaskedSums`: g = dy where y > 0, else 0 (without y: g = dy), and the sums of g over the rows; with x and
 *   mean also the sums of g (x - mean).
 * - `RowsScaledGradient`: dv factor, which may be written over dv, and the sums of dv w over the rows.
 * - `RowsSquares`: sums of (x - mean)^2 over the rows.
 * - `RowsCombine`: a p + b q + offset, where each column has its own a, b and offset.
 * - `RowsLayerNorm`: layer normalization with `epsilon`: y, and the rows' means and inverse standard deviations.
 * - `RowsLayerNormGradient`: its gradients with respect to x and, where given, to scale and shift.
 * - `RowsGelu`, `RowsGeluGradient`: x Phi(x), and its gradient.
 * - `RowsSoftmaxGradient`: the gradient of y = softmax(factor x): factor y (dy - sum of dy y), which may be written
 *   over dy.
 * - `ConvolutionUnit`: y = relu(norm(conv(x, w) + bias) + shortcut), as in src/backbones/layers/convolution.ts, with
 *   `stride` and `padding`, and with `scale`, `shift`, `mean`, `variance` and `epsilon` of a normalization, `bias`,
 *   `shortcut` and `relu` where given. With a normalization it also gives `filter` and `constants` for its gradient.
 * - `ConvolutionUnitGradient`: from `dy`, `x`, `w`, with a relu `y`, and those two, the gradients with respect to w, x,
 *   scale, shift, bias and shortcut: w always, x, bias and shortcut if the attribute of that name is set.
 * - `Attention`, `AttentionGradient`: softmax(q k^T / sqrt(size)) v of `batch` pictures with `heads` heads each, from
 *   [b n, 3 heads size] to [b n, heads size], and the weights that the softmax gives; its gradient, from those weights.
 *   An engine that needs no weights for the gradient gives none.
 * - `AdamStep`: a step of Adam on all parameters. Inputs `w0`, `g0`, `m0`, `v0`, `w1`, ... are weights, gradients and
 *   moments; attributes are as in src/optimizers/adam.ts; outputs are the new weights and moments, one parameter after
 *   the other, which may be written over the old ones.
 */
export const optionalKernels = [
  'RowsAffine',
  'RowsMaskedSums',
  'RowsScaledGradient',
  'RowsSquares',
  'RowsCombine',
  'RowsLayerNorm',
  'RowsLayerNormGradient',
  'RowsGelu',
  'RowsGeluGradient',
  'RowsSoftmaxGradient',
  'ConvolutionUnit',
  'ConvolutionUnitGradient',
  'Attention',
  'AttentionGradient',
  'AdamStep',
] as const;
export type OptionalKernel = (typeof optionalKernels)[number];
export type LayerKernel = Extract<OptionalKernel, `Rows${string}`>;

type Given = Readonly<Record<string, tf.Tensor | undefined>>;

/** Tells whether the active engine has a kernel of this name. */
export const hasKernel = (name: OptionalKernel): boolean =>
  (tf.getKernel(name, tf.getBackend()) as unknown) !== undefined;

/** Returns the outputs of a kernel, or undefined where the active engine lacks it; operations then compute the same. */
export function fused(name: OptionalKernel, given: Given, attributes: tf.NamedAttrMap = {}): tf.Tensor[] | undefined {
  if (!hasKernel(name)) return undefined;
  const inputs = Object.fromEntries(Object.entries(given).filter(([, tensor]) => tensor !== undefined));
  return tf.engine().runKernel(name, inputs as tf.NamedTensorMap, attributes) as unknown as tf.Tensor[];
}
