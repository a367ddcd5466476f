import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { EngineProvider } from '../types.js';
import { threadCount } from '../machine.js';
import { startTensorFlow, TENSORFLOW, tensorflowVersion } from './tensorflow.js';

const PACKAGE = '@tensorflow/tfjs-node-gpu';
const DRIVER = '/proc/driver/nvidia/gpus';

/** Returns the first GPU's name as NVIDIA's driver for Linux gives it. */
function gpuName(): string {
  try {
    const [first] = readdirSync(DRIVER);
    const model = /^Model:\s*(.+)$/m.exec(readFileSync(join(DRIVER, first, 'information'), 'utf8'));
    return model?.[1] ?? 'NVIDIA GPU';
  } catch {
    return 'NVIDIA GPU';
  }
}

/** Provides native TensorFlow on an NVIDIA GPU, where the package's library finds CUDA 11.2, cuDNN 8.1 and a GPU. */
export const tensorflowCuda: EngineProvider = {
  gpu: true,
  automatic: true,
  async start(packages) {
    const version = tensorflowVersion(PACKAGE, packages);
    await startTensorFlow(PACKAGE, packages, (backend) => {
      if ((backend as { isUsingGpuDevice?: boolean }).isUsingGpuDevice !== true)
        throw new Error(`${PACKAGE} loads but finds no GPU (it needs CUDA 11.2 and cuDNN 8.1)`);
    });
    return { backend: TENSORFLOW, version, device: gpuName(), threads: threadCount() };
  },
};
