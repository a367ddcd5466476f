import type { Engine } from './types.js';

/** Whether the fused kernels, which run on the processor, compute for an engine; `javascript` is there to check them. */
export const supportsHostKernels = ({ gpu, name }: Engine): boolean => !gpu && name !== 'javascript';
