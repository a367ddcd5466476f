import type { EngineProvider } from './types.js';
import { processorName } from './machine.js';

/**
 * Provides TensorFlow.js's plain JavaScript backend. It is slow, so that `engine: auto` never chooses it, but it checks
 * the results of all other engines.
 */
export const javascript: EngineProvider = {
  gpu: false,
  automatic: false,
  async start() {
    const tf = await import('../tf.js');
    await tf.setBackend('cpu');
    return { backend: 'cpu', version: tf.version_core, device: processorName(), threads: 1 };
  },
};
