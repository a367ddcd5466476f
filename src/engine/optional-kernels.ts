import * as tf from '../tf.js';

/**
 * The kernels that layers and optimizers look for and do without where an engine has none, by name; rows and columns by
 * the last axis.
 *
 * - `RowsAffine`: x factor + offset + shortcut, relu by `relu`; in the place of x by `over`.
 * - `RowsMaskedSums`: dy where y > 0 (without y everywhere: then dy itself), its sums over the rows, and with x and mean
 *   those of it times (x - mean).
 * - `RowsScaledGradient`: dv factor, maybe in the place of dv, and the sums of dv w over the rows.
 * - `RowsSquares`: sums of (x - mean)^2 over the rows.
 * - `RowsCombine`: a p + b q + offset by columns.
 * - `RowsLayerNorm`: layer normalization with `epsilon`: y, means and inverse deviations of the rows.
 * - `RowsLayerNormGradient`: its gradients by x and, where there are any, by scale and shift.
 * - `RowsGelu`, `RowsGeluGradient`: x Phi(x), and its gradient.
 * - `RowsSoftmaxGradient`: the gradient of y = softmax(factor x): factor y (dy - sum of dy y), maybe in the place of dy.
 * - `AdamStep`: a step of Adam over all parameters; inputs `w0`, `g0`, `m0`, `v0`, `w1`, ...: weights, gradients, moments;
 *   attributes as in src/optimizers/adam.ts; outputs: new weights and moments, one parameter after the other.
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
  'AdamStep',
] as const;
export type OptionalKernel = (typeof optionalKernels)[number];
export type LayerKernel = Exclude<OptionalKernel, 'AdamStep'>;

type Given = Readonly<Record<string, tf.Tensor | undefined>>;

/** Whether the present engine has a kernel of this name. */
export const hasKernel = (name: OptionalKernel): boolean =>
  (tf.getKernel(name, tf.getBackend()) as unknown) !== undefined;

/** The outputs of a kernel, or undefined where the present engine has none of this name: then operations do it. */
export function fused(name: OptionalKernel, given: Given, attributes: tf.NamedAttrMap = {}): tf.Tensor[] | undefined {
  if (!hasKernel(name)) return undefined;
  const inputs = Object.fromEntries(Object.entries(given).filter(([, tensor]) => tensor !== undefined));
  return tf.engine().runKernel(name, inputs as tf.NamedTensorMap, attributes) as unknown as tf.Tensor[];
}
