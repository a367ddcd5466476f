import type { Supervision } from '../index.js';
import type { Batch } from './batch.js';
import type { Matrix } from './kernels.js';

/** Holds what a fused loss computes: the value is `sum` x `scale`, the gradient for pairs `gradients` x `scale`. */
export interface Fused {
  readonly sum: number;
  readonly scale: number;
  /** What the gradients are with respect to: the pairs' similarities, or their squared distances. */
  readonly by: 'similarities' | 'squares';
  readonly pairGradients: Matrix;
}

/** Computes a loss by the kernels. */
export type FusedFunction = (batch: Batch, supervision: Supervision) => Fused;
