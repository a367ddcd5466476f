import type { EngineProvider } from '../types.js';
import { processorName, threadCount } from '../machine.js';
import { startTensorFlow, TENSORFLOW, tensorflowVersion } from './tensorflow.js';

const PACKAGE = '@tensorflow/tfjs-node';

/** Provides native TensorFlow on the processor, where the user has installed its package. */
export const tensorflowCpu: EngineProvider = {
  gpu: false,
  automatic: true,
  async start(packages) {
    const version = tensorflowVersion(PACKAGE, packages);
    await startTensorFlow(PACKAGE, packages);
    return { backend: TENSORFLOW, version, device: processorName(), threads: threadCount() };
  },
};
