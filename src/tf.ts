/**
 * Exports TensorFlow.js as every module here imports it: the tensors, operations and gradients of `@tensorflow/tfjs`.
 *
 * It is loaded by `require`, which takes .2 s. `import` takes .4 s, since Node.js then searches six packages for names.
 */
import { createRequire } from 'node:module';

createRequire(import.meta.url)('@tensorflow/tfjs'); // registers gradients and the plain JavaScript backend

export * from '@tensorflow/tfjs-core';
