import type { NamedTensorMap, Tensor, Variable } from '../tf.js';

/** A tensor that training changes. */
export interface Parameter {
  readonly name: string;
  readonly variable: Variable;
  /** The decay of this parameter; the `Psycho` table has 0. */
  readonly weightDecay: number;
}

/** Changes parameters by their gradients. */
export interface Optimizer {
  /** Takes one step; the gradients, one per parameter in order, are the caller's to dispose. */
  step(gradients: readonly Tensor[]): void;
  /** The optimizer's own tensors by name, live: not to be disposed. */
  tensors(): NamedTensorMap;
  steps: number;
  dispose(): void;
}
