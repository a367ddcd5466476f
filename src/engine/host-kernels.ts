import type { Engine } from './types.js';

/**
 * Tells whether an engine uses the fused kernels, which run on the processor. `javascript` does not: it is there to
 * check them.
 */
export const supportsHostKernels = ({ gpu, name }: Engine): boolean => !gpu && name !== 'javascript';
