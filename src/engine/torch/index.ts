import type { EngineProvider, StartedEngine } from '../types.js';
import type { Packages } from '../packages.js';
import type { Precision } from '../../catalogue/engines.js';
import { UsageError } from '../../errors.js';
import type { Addon } from './addon.js';
import { availableMemory, gpuProperties, processorName, threadCount } from '../machine.js';

const started = new Set<string>();

/** Grows with each change of our own kernels that makes them round differently. */
const KERNELS = 2;

/** @throws Error where a GPU that is there cannot compute: most often libtorch has no kernels for it */
function tryToCompute(addon: Addon, device: string): void {
  try {
    const [[handle]] = addon.kernels['full']([1], 1, 'float32', device);
    addon.values(handle);
    addon.release(handle);
  } catch (error) {
    const [reason] = (error as Error).message.split('\n');
    throw new Error(
      `libtorch ${addon.version} cannot compute on this GPU: ${reason}; npm run build:torch with another libtorch, or update the driver`,
      { cause: error },
    );
  }
}

/** Starts a backend on a device of libtorch, once in a process. */
async function start(
  backend: string,
  device: string,
  packages: Packages,
): Promise<Pick<StartedEngine, 'backend' | 'version'>> {
  const [tf, { loadAddon }, { TorchBackend }, { registerTorchKernels, fusedAttention }] = await Promise.all([
    import('../../tf.js'),
    import('./addon.js'),
    import('./backend.js'),
    import('./kernels/index.js'),
  ]);
  const addon = loadAddon(packages);
  if (device !== 'cpu' && !addon.hasCuda)
    throw new Error(`libtorch ${addon.version} has no CUDA; npm run build:torch with one that has`);
  if (device !== 'cpu' && addon.gpus === 0)
    throw new Error(
      `no CUDA device that libtorch ${addon.version} can use; nvidia-smi should list one, install its driver`,
    );
  addon.setThreads(threadCount());
  addon.limitMemory(availableMemory());
  if (device !== 'cpu') {
    addon.repeatOnCuda();
    tryToCompute(addon, device);
  }
  if (!started.has(backend)) {
    started.add(backend);
    tf.registerBackend(backend, () => new TorchBackend(addon, device));
    registerTorchKernels(backend, device === 'cpu' || !('attention' in addon.kernels) ? {} : fusedAttention);
  }
  await tf.setBackend(backend);
  const library = device === 'cpu' ? `, products by ${addon.products}` : '';
  return { backend, version: `${addon.version}, kernels ${KERNELS}${library}` };
}

/** Sets the precision, which all engines of libtorch in this process share. */
async function setPrecision(precision: Precision, packages: Packages): Promise<void> {
  const { loadAddon } = await import('./addon.js');
  loadAddon(packages).setPrecision(precision);
}

/** Provides libtorch on the processor, where `npm run build:torch` has built its addon. */
export const torchCpu: EngineProvider = {
  gpu: false,
  automatic: true,
  async start(packages) {
    return { ...(await start('torch-cpu', 'cpu', packages)), device: processorName(), threads: threadCount() };
  },
  async setPrecision(precision, packages) {
    if (precision === 'tf32')
      throw new UsageError(
        'invalid precision: tf32; only GPUs can compute in it, set engine=torch-cuda or leave the key out',
      );
    await setPrecision(precision, packages);
  },
};

/** Provides libtorch on the first CUDA GPU. */
export const torchCuda: EngineProvider = {
  gpu: true,
  automatic: true,
  async start(packages) {
    const [device = 'CUDA GPU'] = gpuProperties('name');
    return { ...(await start('torch-cuda', 'cuda:0', packages)), device, threads: threadCount() };
  },
  setPrecision,
};
