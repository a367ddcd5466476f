import type { TensorInfo } from '../../../tf.js';
import { listed, type Call, type Kernels } from './kernel.js';

const matMul = ({ attrs, backend, at }: Call): TensorInfo =>
  backend.one('matmul', at('a'), at('b'), attrs['transposeA'] as boolean, attrs['transposeB'] as boolean);

/** The kernels of matrix products. */
export const products: Kernels = {
  BatchMatMul: matMul,
  Einsum: (call) => call.backend.one('einsum', call.attrs['equation'] as string, listed(call)),
};
