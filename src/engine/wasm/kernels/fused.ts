import type { TensorInfo } from '@tensorflow/tfjs';
import { UsageError, unknown } from '../../../errors.js';
import type { WasmBackend } from '../heap.js';
import { callKernel, type Call, type Kernel } from './kernel.js';

interface FusedAttributes {
  readonly activation: string;
  readonly leakyreluAlpha?: number;
}

/** The kernels of the activations that operations can be fused with; undefined: nothing to compute. */
const activations: Readonly<Record<string, string | undefined>> = {
  linear: undefined,
  relu: 'Relu',
  relu6: 'Relu6',
  elu: 'Elu',
  sigmoid: 'Sigmoid',
  leakyrelu: 'LeakyRelu',
  prelu: 'Prelu',
};

/** Replaces a tensor by what a kernel makes of it. */
function then(
  name: string,
  x: TensorInfo,
  inputs: Record<string, TensorInfo>,
  backend: WasmBackend,
  attrs = {},
): TensorInfo {
  const result = callKernel(name, inputs, backend, attrs);
  backend.disposeData(x.dataId);
  return result;
}

/**
 * A fused operation (_FusedMatMul, FusedConv2D, FusedDepthwiseConv2D): activation(base(inputs) + bias).
 *
 * Made of the kernels by these names, so that it shares their speed and their corrections.
 */
export function fused(base: string): Kernel {
  return ({ inputs, backend, attrs }: Call<string, FusedAttributes & Readonly<Record<string, unknown>>>) => {
    const { bias, preluActivationWeights: alpha, ...operands } = inputs as Partial<Record<string, TensorInfo>>;
    const { activation, leakyreluAlpha } = attrs;
    if (!(activation in activations)) throw unknown('activation', activation, Object.keys(activations));
    let x = callKernel(base, operands as Record<string, TensorInfo>, backend, attrs);
    if (bias !== undefined) x = then('Add', x, { a: x, b: bias }, backend);
    const kernel = activations[activation];
    if (kernel === 'Prelu') {
      if (alpha === undefined) throw new UsageError('invalid activation: prelu; it needs preluActivationWeights');
      return then(kernel, x, { x, alpha }, backend);
    }
    return kernel === undefined ? x : then(kernel, x, { x }, backend, { alpha: leakyreluAlpha ?? 0.2 });
  };
}
