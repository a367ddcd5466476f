import { getKernel, registerKernel, unregisterKernel, type KernelConfig, type KernelFunc } from '../../tf.js';
import { fusedActivations } from '../fused-activation.js';
import { avgPoolGrad } from './kernels/avg-pool-grad.js';
import { batchMatMul } from './kernels/batch-mat-mul.js';
import { conv2d } from './kernels/conv2d.js';
import { conv2dBackpropFilter } from './kernels/conv2d-backprop-filter.js';
import { conv2dBackpropInput } from './kernels/conv2d-backprop-input.js';
import { depthwiseBackpropFilter } from './kernels/depthwise-backprop-filter.js';
import { depthwiseBackpropInput } from './kernels/depthwise-backprop-input.js';
import { depthwiseConv2d } from './kernels/depthwise-conv2d.js';
import { einsum } from './kernels/einsum.js';
import { identity } from './kernels/identity.js';
import { maxPoolGrad } from './kernels/max-pool-grad.js';
import { pool } from './kernels/pool.js';
import { slice } from './kernels/slice.js';
import { unsortedSegmentSum } from './kernels/unsorted-segment-sum.js';

const fusedOperations = fusedActivations('wasm');

/** The kernels that training needs and that TensorFlow.js's WASM backend lacks, computes slowly or gets wrong. */
export const trainingKernels = {
  AvgPool: pool,
  AvgPoolGrad: () => avgPoolGrad,
  BatchMatMul: () => batchMatMul,
  Conv2D: () => conv2d,
  Conv2DBackpropFilter: () => conv2dBackpropFilter,
  Conv2DBackpropInput: () => conv2dBackpropInput,
  DepthwiseConv2dNative: depthwiseConv2d,
  DepthwiseConv2dNativeBackpropFilter: () => depthwiseBackpropFilter,
  DepthwiseConv2dNativeBackpropInput: () => depthwiseBackpropInput,
  Einsum: () => einsum,
  FusedConv2D: () => fusedOperations.FusedConv2D,
  FusedDepthwiseConv2D: () => fusedOperations.FusedDepthwiseConv2D,
  Identity: () => identity,
  MaxPool: pool,
  MaxPoolGrad: () => maxPoolGrad,
  Slice: slice,
  UnsortedSegmentSum: () => unsortedSegmentSum,
  _FusedMatMul: () => fusedOperations._FusedMatMul,
} as const satisfies Record<string, (stock: KernelFunc) => unknown>;

const backendName = 'wasm';
let replaced: Map<string, KernelConfig | undefined> | undefined;

/** Replaces the stock kernels by the training kernels; does nothing if that is already done. */
export function registerTrainingKernels(): void {
  if (replaced !== undefined) return;
  replaced = new Map();
  for (const [kernelName, make] of Object.entries(trainingKernels)) {
    const stock = getKernel(kernelName, backendName) as KernelConfig | undefined;
    replaced.set(kernelName, stock);
    if (stock !== undefined) unregisterKernel(kernelName, backendName);
    const kernelFunc = make(stock?.kernelFunc as KernelFunc) as unknown as KernelFunc;
    registerKernel({ ...stock, kernelName, backendName, kernelFunc });
  }
}

/** Registers the stock kernels again, where there are any, for comparisons. */
export function unregisterTrainingKernels(): void {
  for (const [kernelName, stock] of replaced ?? []) {
    unregisterKernel(kernelName, backendName);
    if (stock !== undefined) registerKernel(stock);
  }
  replaced = undefined;
}
