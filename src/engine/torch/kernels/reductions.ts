import { util, type TensorInfo } from '../../../tf.js';
import { positive, type Call, type Kernel, type Kernels } from './kernel.js';

/** Makes a kernel that reduces the axes of the attribute `key`; without axes it reduces all. */
const over =
  (name: string, key: 'axis' | 'reductionIndices' = 'axis'): Kernel =>
  (call: Call) => {
    const { inputs, attrs, backend, at } = call;
    const { shape } = inputs['x'];
    const axes = util.parseAxisParam((attrs[key] ?? null) as unknown as number[], shape).sort((a, b) => a - b);
    const result = backend.one(name, at('x'), axes);
    return attrs['keepDims'] ? kept(call, result, axes) : result;
  };

/** Reshapes a result so that the reduced axes are kept, with length 1. */
function kept({ inputs, backend }: Call, result: TensorInfo, axes: readonly number[]): TensorInfo {
  const shape = inputs['x'].shape.map((length, axis) => (axes.includes(axis) ? 1 : length));
  const reshaped = backend.one('reshape', backend.handle(result), shape);
  backend.disposeData(result.dataId);
  return reshaped;
}

const running =
  (name: string): Kernel =>
  ({ attrs, backend, at }) =>
    backend.one(name, at('x'), attrs.axis as number, attrs['exclusive'] as boolean, attrs['reverse'] as boolean);

/** The kernels that reduce axes. */
export const reductions: Kernels = {
  All: over('all'),
  Any: over('any'),
  Max: over('amax', 'reductionIndices'),
  Mean: over('mean'),
  Min: over('amin'),
  Prod: over('prod'),
  Sum: over('sum'),
  ArgMax: ({ inputs, attrs, backend, at }) => backend.one('argmax', at('x'), axisOf(attrs.axis, inputs['x'])),
  ArgMin: ({ inputs, attrs, backend, at }) => backend.one('argmin', at('x'), axisOf(attrs.axis, inputs['x'])),
  Cumprod: running('cumprod'),
  Cumsum: running('cumsum'),
  LogSoftmax: ({ attrs, backend, at }) => backend.one('log_softmax', at('logits'), attrs.axis as number),
  Softmax: ({ attrs, backend, at }) => backend.one('softmax', at('logits'), attrs['dim'] as number),
  TopK: ({ attrs, backend, at }) => backend.run('topk', at('x'), attrs['k'] as number),
};

const axisOf = (axis: unknown, { shape }: TensorInfo): number =>
  positive(Array.isArray(axis) ? (axis[0] as number) : (axis as number), shape.length);
