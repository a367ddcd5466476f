import type { TensorInfo } from '@tensorflow/tfjs';
import { UsageError } from '../../../errors.js';
import type { Argument } from '../addon.js';
import { listed, type Call, type Kernels } from './kernel.js';

const matMul = ({ attrs, backend, at }: Call): TensorInfo =>
  backend.one('matmul', at('a'), at('b'), attrs['transposeA'] as boolean, attrs['transposeB'] as boolean);

const activations = { linear: undefined, relu: 'relu', sigmoid: 'sigmoid', elu: 'elu' } as const;

/** What a fused kernel does behind its product: adds a bias, and an activation. */
export function ending(product: TensorInfo, { attrs, inputs, backend, at }: Call): TensorInfo {
  const activation = (attrs['activation'] as string | undefined) ?? 'linear';
  if (!Object.hasOwn(activations, activation))
    throw new UsageError(`unsupported activation: ${activation}; torch fuses ${Object.keys(activations).join(', ')}`);
  let result = product;
  const replace = (name: string, ...more: Argument[]): void => {
    const next = backend.one(name, backend.handle(result), ...more);
    backend.disposeData(result.dataId);
    result = next;
  };
  if ((inputs['bias'] as unknown) !== undefined) replace('add', at('bias'));
  const name = activations[activation as 'linear'] as string | undefined;
  if (name !== undefined) replace(name);
  return result;
}

/** Products of matrices. */
export const products: Kernels = {
  BatchMatMul: matMul,
  Einsum: (call) => call.backend.one('einsum', call.attrs['equation'] as string, listed(call)),
  _FusedMatMul: (call) => ending(matMul(call), call),
};
