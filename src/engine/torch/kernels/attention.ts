import type { Kernels } from './kernel.js';

/** Attention by libtorch's fused kernels, which libtorch has from 2.1 on. They keep no weights: the gradient needs only the inputs. */
export const fusedAttention: Kernels = {
  Attention: ({ attrs, backend, at }) => [
    backend.one('attention', at('qkv'), attrs['batch'] as number, attrs['heads'] as number),
  ],
  AttentionGradient: ({ attrs, backend, at }) => [
    backend.one('attention_gradient', at('dy'), at('qkv'), attrs['batch'] as number, attrs['heads'] as number),
  ],
};
