import type { LayerKernel } from '../../optional-kernels.js';
import type { Kernel, Kernels } from './kernel.js';

/** The kernels of layers: each in one pass over its rows. */
export const layers: Readonly<Record<LayerKernel, Kernel>> = {
  RowsAffine: ({ attrs, backend, at }) => [
    backend.one(
      'affine',
      at('x'),
      at('factor'),
      at('offset'),
      at('shortcut'),
      attrs['relu'] === 1,
      attrs['over'] === 1,
    ),
  ],
  RowsMaskedSums: ({ backend, at }) => backend.run('masked_sums', at('dy'), at('y'), at('x'), at('mean')),
  RowsScaledGradient: ({ backend, at }) => backend.run('scaled_gradient', at('dv'), at('w'), at('factor')),
  RowsSquares: ({ backend, at }) => [backend.one('squares', at('x'), at('mean'))],
  RowsCombine: ({ backend, at }) => [backend.one('combine', at('p'), at('q'), at('a'), at('b'), at('offset'))],
  RowsLayerNorm: ({ attrs, backend, at }) =>
    backend.run('layer_norm', at('x'), at('scale'), at('shift'), attrs['epsilon'] as number),
  RowsLayerNormGradient: ({ backend, at }) =>
    backend.run('layer_norm_gradient', at('dy'), at('x'), at('scale'), at('means'), at('inverses')),
  RowsGelu: ({ backend, at }) => [backend.one('gelu', at('x'))],
  RowsGeluGradient: ({ backend, at }) => [backend.one('gelu_gradient', at('dy'), at('x'))],
  RowsSoftmaxGradient: ({ attrs, backend, at }) => [
    backend.one('softmax_gradient', at('dy'), at('y'), attrs['factor'] as number),
  ],
};

/** A convolution with what follows it. */
export const units: Kernels = {
  ConvolutionUnit({ attrs, backend, at }) {
    const tensors = ['x', 'w', 'scale', 'shift', 'mean', 'variance', 'bias', 'shortcut'].map(at);
    const [stride, padding, epsilon] = ['stride', 'padding', 'epsilon'].map((name) => attrs[name] as number);
    return backend.run('unit', ...tensors, attrs['relu'] as boolean, stride, padding, epsilon);
  },
  ConvolutionUnitGradient({ attrs, backend, at }) {
    const tensors = ['dy', 'y', 'x', 'w', 'filter', 'constants'].map(at);
    const [stride, padding] = [attrs['stride'] as number, attrs['padding'] as number];
    const wanted = ['x', 'bias', 'shortcut'].map((name) => attrs[name] as boolean);
    return backend.run('unit_gradient', ...tensors, stride, padding, ...wanted);
  },
};

/** The normalization kernels that TensorFlow.js itself calls. */
export const normalization: Kernels = {
  FusedBatchNorm: ({ attrs, backend, at }) => {
    const [x, mean, variance, offset, scale] = ['x', 'mean', 'variance', 'offset', 'scale'].map(at);
    return backend.one('batch_norm', x, mean, variance, offset, scale, attrs['varianceEpsilon'] as number);
  },
};
