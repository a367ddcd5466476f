import type { NdArray } from '../formats/nd-array.js';

export type NamedArrays = Readonly<Record<string, NdArray>>;

/**
 * Models in training, and all that the training loop needs of them, whichever way they are computed.
 *
 * Several models learn from the same batches at once; they do not know of each other. Results are `[models]`.
 */
export interface Learner<Batch> {
  readonly models: number;
  /** One step on a batch; the losses are those before the step. */
  train(batch: Batch): Promise<Float64Array>;
  /** Loss and metric of a batch; changes nothing. */
  validate(batch: Batch): Promise<{ readonly loss: Float64Array; readonly metric: Float64Array }>;
  /** Copies of a model's parameters, under the original's names. */
  parameters(model: number): NamedArrays;
  /** Copies of all that going on with training needs: parameters, the optimizer's tensors and step. */
  state(model: number): NamedArrays;
  /** Takes up the state of a model; all models of a learner stand at the same step. */
  restore(model: number, state: NamedArrays): void;
  dispose(): Promise<void>;
}
