import { getKernel, registerKernel, unregisterKernel, type KernelConfig, type KernelFunc } from '@tensorflow/tfjs';
import { fusedActivation } from '../fused-activation.js';

/** Kernels that TensorFlow.js's WebGPU backend lacks or gets wrong. */
const replacements: Record<string, (backendName: string) => KernelFunc> = {
};

/** Puts kernels of our own in the place of stock ones. */
export function replaceKernels(backendName: string): void {
  for (const [kernelName, make] of Object.entries(replacements)) {
    const stock = getKernel(kernelName, backendName) as KernelConfig | undefined;
    if (stock !== undefined) unregisterKernel(kernelName, backendName);
    registerKernel({ ...stock, kernelName, backendName, kernelFunc: make(backendName) });
  }
}
