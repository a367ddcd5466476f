/**
 * The kernels that the layers of image networks look for and do without where an engine has none, by name; rows and
 * columns by the last axis.
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
 */
export const layerKernelNames = [
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
] as const;
export type LayerKernel = (typeof layerKernelNames)[number];
