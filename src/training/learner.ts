import type { NamedArrays } from '../backbones/backbone.js';

export type { NamedArrays };

/** Loss and metric of the validation subset, `[models]` each. */
export interface Validation {
  readonly loss: Float64Array;
  readonly metric: Float64Array;
}

/**
 * Called within long work, with the share of it that is done: gives other things their turn.
 *
 * @throws Aborted where training must stop: the work is dropped, as if it had not begun
 */
export type YieldPoint = (share: number) => Promise<void>;

/** Thrown by a `Tick` to drop the work under way. */
export class Aborted extends Error {}

/**
 * Models in training, and all that the training loop needs of them, whichever way they are computed.
 *
 * Several models learn from the same batches at once; they do not know of each other. Results are `[models]`.
 */
export interface Learner<Batch> {
  readonly models: number;
  /** Announces an epoch's batches, of which `train` will be given those from `first` on: the time to start loading. */
  plan?(epoch: number, batches: readonly Batch[], first: number): void;
  /** One step on a batch; the losses are those before the step. */
  train(batch: Batch, yieldPoint: YieldPoint): Promise<Float64Array>;
  /** Loss and metric of the validation batches; changes nothing. */
  validate(yieldPoint: YieldPoint): Promise<Validation>;
  /** Copies of a model's parameters, under the original's names. */
  parameters(model: number): NamedArrays;
  /** Copies of all that going on with training needs: parameters, the optimizer's tensors and step. */
  state(model: number): NamedArrays;
  /** Takes up the state of a model; all models of a learner stand at the same step. */
  restore(model: number, state: NamedArrays): void;
  /** What the reader of a run's record must know, such as pictures that were left out. */
  notes?(): readonly string[];
  dispose(): Promise<void>;
}
