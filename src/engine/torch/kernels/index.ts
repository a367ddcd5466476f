import { registerKernel, type KernelFunc, type TensorInfo } from '../../../tf.js';
import type { Handle } from '../addon.js';
import type { TorchBackend } from '../backend.js';
import { fusedActivations } from '../../fused-activation.js';
import { elementwise } from './elementwise.js';
import type { Attributes, Inputs, Kernels } from './kernel.js';
import { layers, normalization, units } from './layers.js';
import { optimizers } from './optimizers.js';
import { pictures } from './pictures.js';
import { products } from './products.js';
import { reductions } from './reductions.js';
import { shapes } from './shapes.js';

export { fusedAttention } from './attention.js';

/** All kernels, by TensorFlow.js's names. */
export const torchKernels: Kernels = {
  ...elementwise,
  ...layers,
  ...normalization,
  ...optimizers,
  ...pictures,
  ...products,
  ...reductions,
  ...shapes,
  ...units,
};

/** Registers the kernels for a backend under its name, with those that not all devices have. */
export function registerTorchKernels(backendName: string, more: Kernels = {}): void {
  for (const [kernelName, kernelFunc] of Object.entries(fusedActivations(backendName)))
    registerKernel({ kernelName, backendName, kernelFunc });
  for (const [kernelName, compute] of Object.entries({ ...torchKernels, ...more })) {
    const kernelFunc = (given: { inputs: Inputs; attrs: Attributes; backend: TorchBackend }) => {
      const { inputs, backend } = given;
      const at = (name: string) => {
        const tensor = inputs[name] as TensorInfo | undefined;
        return (tensor === undefined ? undefined : backend.handle(tensor)) as Handle;
      };
      return compute({ ...given, at });
    };
    registerKernel({ kernelName, backendName, kernelFunc: kernelFunc as unknown as KernelFunc });
  }
}
