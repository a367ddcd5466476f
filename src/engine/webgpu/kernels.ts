import {
  broadcast_util,
  getKernel,
  registerKernel,
  unregisterKernel,
  util,
  type KernelBackend,
  type KernelConfig,
  type KernelFunc,
  type TensorInfo,
} from '../../tf.js';

const BACKEND = 'webgpu';

interface Call {
  readonly inputs: Readonly<Record<string, TensorInfo>>;
  readonly backend: KernelBackend;
  readonly attrs: Readonly<Record<string, unknown>>;
}

type Kernel = (call: Call) => TensorInfo;

const run = (name: string, backend: KernelBackend, inputs: Call['inputs'], attrs: Call['attrs'] = {}): TensorInfo =>
  (getKernel(name, BACKEND).kernelFunc as unknown as Kernel)({ inputs, backend, attrs });

/** Gives a vector's result as one index (a scalar); the stock kernel returns a vector. */
const oneIndex = (stock: Kernel) => (call: Call) => {
  const index = stock(call);
  return call.inputs['x'].shape.length === 1 ? { ...index, shape: [] } : index;
};

/** The kernels that training needs and that TensorFlow.js's WebGPU backend gets wrong. */
export const corrections: Readonly<Record<string, (stock: Kernel) => Kernel>> = {
  ArgMax: oneIndex,
  ArgMin: oneIndex,
  /** Sums over nothing are 0; the stock kernel fails. */
  BatchMatMul: (stock) => (call) => {
    const { a, b } = call.inputs;
    const { transposeA, transposeB } = call.attrs as { transposeA: boolean; transposeB: boolean };
    const [m, k] = transposeA ? [-1, -2] : [-2, -1];
    if (a.shape.at(k) !== 0) return stock(call);
    const batch = broadcast_util.assertAndGetBroadcastShape(a.shape.slice(0, -2), b.shape.slice(0, -2));
    const shape = [...batch, a.shape.at(m), b.shape.at(transposeB ? -2 : -1)];
    return run('Fill', call.backend, {}, { shape, value: 0, dtype: a.dtype });
  },
  /** The sum of nothing is 0; the stock kernel fails. */
  Sum: (stock) => (call) => {
    const { x } = call.inputs;
    if (util.sizeFromShape(x.shape) > 0) return stock(call);
    const { axis, keepDims } = call.attrs as { axis: number | number[]; keepDims?: boolean };
    const axes = util.parseAxisParam(axis, x.shape);
    const shape = x.shape.flatMap((length, at) => (!axes.includes(at) ? [length] : keepDims ? [1] : []));
    return run('Fill', call.backend, {}, { shape, value: 0, dtype: x.dtype });
  },
  /** Ids from numSegments on are ignored, as negative ones are; the stock kernel counts them modulo numSegments. */
  UnsortedSegmentSum: (stock) => (call) => {
    const { inputs, backend, attrs } = call;
    const { segmentIds } = inputs;
    const filled = (value: unknown) => run('Fill', backend, {}, { shape: segmentIds.shape, value, dtype: 'int32' });
    const [end, nowhere] = [filled(attrs['numSegments']), filled(-1)];
    const condition = run('Less', backend, { a: segmentIds, b: end });
    const ids = run('Select', backend, { condition, t: segmentIds, e: nowhere });
    const sums = stock({ ...call, inputs: { ...inputs, segmentIds: ids } });
    for (const { dataId } of [end, nowhere, condition, ids]) backend.disposeData(dataId);
    return sums;
  },
};

let corrected = false;

/** Replaces the stock kernels by the corrected ones; does nothing if that is already done. */
export function correctKernels(): void {
  if (corrected) return;
  corrected = true;
  for (const [kernelName, correct] of Object.entries(corrections)) {
    const stock = getKernel(kernelName, BACKEND) as KernelConfig;
    unregisterKernel(kernelName, BACKEND);
    const kernelFunc = correct(stock.kernelFunc as unknown as Kernel) as unknown as KernelFunc;
    registerKernel({ ...stock, kernelFunc });
  }
}
