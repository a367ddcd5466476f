import type { Supervision } from '../index.js';
import type { Batch } from './batch.js';
import type { Matrix } from './kernels.js';

/** What a fused loss leaves: the value is `sum` x `scale`, and so is the gradient by pairs, in `gradients`. */
export interface Fused {
  readonly sum: number;
  readonly scale: number;
  /** What of the pairs the gradients are by. */
  readonly by: 'similarities' | 'squares';
  readonly pairGradients: Matrix;
}

/** A loss computed by the kernels. */
export type FusedFunction = (batch: Batch, supervision: Supervision) => Fused;
