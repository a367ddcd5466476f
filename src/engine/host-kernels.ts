import type { Engine } from './types.js';

/**
 * Tells whether losses and teachers are computed by the fused kernels, which run on the processor. They are with a GPU,
 * too: the embeddings of a batch, a few thousand numbers, come to the processor anyway, and a loss is hundreds of small
 * operations. `javascript` does not use them: it is there to check them.
 */
export const supportsHostKernels = ({ name }: Engine): boolean => name !== 'javascript';
