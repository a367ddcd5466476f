/**
 * TensorFlow.js as every module here imports it: the tensors, operations and gradients of `@tensorflow/tfjs`.
 *
 * It is loaded by `require`, which takes .2 s. `import` takes .4 s, as Node then searches six packages for names.
 */
import { createRequire } from 'node:module';

createRequire(import.meta.url)('@tensorflow/tfjs'); // with it gradients and the plain JavaScript backend register themselves

export * from '@tensorflow/tfjs-core';
