import type { EngineProvider } from '../types.js';
import { processorName, threadCount } from '../machine.js';
import { usesRelaxedSimd } from './relaxed-simd.js';

const BACKEND = 'wasm';
/** Grows with each change of our kernels that makes them round differently. */
const KERNELS = 2;

let starting: Promise<number> | undefined;

/** Starts the backend, once in a process, with the training kernels; returns its number of threads. */
async function start(): Promise<number> {
  const threads = threadCount();
  const [tf, { createBackend }, { setThreads }, { registerTrainingKernels }, { registerLayerKernels }] =
    await Promise.all([
      import('../../tf.js'),
      import('./backend.js'),
      import('./machine.js'),
      import('./kernels.js'),
      import('./kernels/layer-kernels.js'),
    ]);
  const backend = await createBackend(threads > 1);
  // TensorFlow.js's own registration would start the backend on memory that threads cannot share.
  tf.removeBackend(BACKEND);
  tf.registerBackend(BACKEND, () => backend);
  registerTrainingKernels();
  registerLayerKernels();
  return setThreads(backend, threads).pool.threads;
}

/** Provides TensorFlow.js on WebAssembly with SIMD, with our own kernels for training: the built-in default. */
export const wasm: EngineProvider = {
  gpu: false,
  automatic: true,
  async start() {
    starting ??= start();
    const threads = await starting;
    const tf = await import('../../tf.js');
    await tf.setBackend(BACKEND);
    const version = `${tf.version_core}, kernels ${KERNELS}${usesRelaxedSimd() ? ', relaxed SIMD' : ''}`;
    return { backend: BACKEND, version, device: processorName(), threads };
  },
};
