import type { EngineProvider } from './types.js';
import { processorName } from './machine.js';

/** TensorFlow.js's plain JavaScript: slow, and therefore never chosen unasked, but a second opinion on every number. */
export const javascript: EngineProvider = {
  gpu: false,
  automatic: false,
  async start() {
    const tf = await import('../tf.js');
    await tf.setBackend('cpu');
    return { backend: 'cpu', version: tf.version_core, device: processorName(), threads: 1 };
  },
};
