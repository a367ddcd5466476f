import type { NamedTensorMap, Tensor, Variable } from '../tf.js';

/** Holds a tensor that training changes. */
export interface Parameter {
  readonly name: string;
  readonly variable: Variable;
  /** The weight decay of this parameter; the `Psycho` table has 0. */
  readonly weightDecay: number;
}

/** Changes parameters by their gradients. */
export interface Optimizer {
  /** Takes one step; the gradients, one per parameter in order, are the caller's to dispose. */
  step(gradients: readonly Tensor[]): void;
  /** Returns the optimizer's own tensors by name, not copies: they must not be disposed. */
  tensors(): NamedTensorMap;
  steps: number;
  /** The learning rate of the steps to come. */
  learningRate: number;
  dispose(): void;
}
