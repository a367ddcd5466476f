import { getKernel, type KernelBackend, type KernelFunc, type TensorInfo } from '../tf.js';
import { UsageError, unknown } from '../errors.js';

interface Call {
  readonly inputs: Readonly<Partial<Record<string, TensorInfo>>>;
  readonly backend: KernelBackend;
  readonly attrs: Readonly<Record<string, unknown>> & {
    readonly activation?: string;
    readonly leakyreluAlpha?: number;
  };
}

/** The kernels of the activations that operations can be fused with; undefined where nothing is to be computed. */
const activations: Readonly<Record<string, string | undefined>> = {
  linear: undefined,
  relu: 'Relu',
  relu6: 'Relu6',
  elu: 'Elu',
  sigmoid: 'Sigmoid',
  leakyrelu: 'LeakyRelu',
  prelu: 'Prelu',
};

/**
 * Makes a backend's fused operation (_FusedMatMul, FusedConv2D, FusedDepthwiseConv2D): activation(base(inputs) + bias).
 *
 * It calls the backend's own kernels, so that it shares their speed and their corrections.
 */
function fusedActivation(base: string, backendName: string): KernelFunc {
  const run = (name: string, inputs: Call['inputs'], backend: KernelBackend, attrs: object = {}): TensorInfo => {
    const kernelFunc = getKernel(name, backendName).kernelFunc as unknown as (call: object) => TensorInfo;
    return kernelFunc({ inputs, backend, attrs });
  };
  const fused = ({ inputs, backend, attrs }: Call): TensorInfo => {
    const { bias, preluActivationWeights: alpha, ...operands } = inputs;
    const { activation = 'linear', leakyreluAlpha } = attrs;
    if (!(activation in activations)) throw unknown('activation', activation, Object.keys(activations));
    const kernel = activations[activation];
    if (kernel === 'Prelu' && alpha === undefined)
      throw new UsageError('invalid activation: prelu; it needs preluActivationWeights');
    let x = run(base, operands, backend, attrs);
    const then = (name: string, next: Call['inputs'], more?: object): void => {
      const result = run(name, next, backend, more);
      backend.disposeData(x.dataId);
      x = result;
    };
    if (bias !== undefined) then('Add', { a: x, b: bias });
    if (kernel === 'Prelu') then(kernel, { x, alpha });
    else if (kernel !== undefined) then(kernel, { x }, { alpha: leakyreluAlpha ?? 0.2 });
    return x;
  };
  return fused as unknown as KernelFunc;
}

/** Returns all fused operations of a backend, by name. */
export const fusedActivations = (backendName: string) =>
  ({
    FusedConv2D: fusedActivation('Conv2D', backendName),
    FusedDepthwiseConv2D: fusedActivation('DepthwiseConv2dNative', backendName),
    _FusedMatMul: fusedActivation('BatchMatMul', backendName),
  }) satisfies Record<string, KernelFunc>;
