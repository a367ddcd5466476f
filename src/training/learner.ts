import type { NamedArrays } from '../backbones/backbone.js';

export type { NamedArrays };

/** Loss and metric of the validation subset, `[models]` each. */
export interface Validation {
  readonly loss: Float64Array;
  readonly metric: Float64Array;
}

/**
 * Called now and then within long work, with the share that is done, so that other things get their turn.
 *
 * @throws Aborted where training must stop: the work is dropped, as if it had not begun
 */
export type YieldPoint = (share: number) => Promise<void>;

/** Thrown by a `YieldPoint` to drop the work under way. */
export class Aborted extends Error {}

/**
 * Models in training, as the training loop uses them, however they are computed.
 *
 * Several models learn from the same batches at once, independently of each other. Results are `[models]`.
 */
export interface Learner<Batch> {
  readonly models: number;
  /** Announces an epoch's batches, so that loading can start; `train` will get those from `first` on. */
  plan?(epoch: number, batches: readonly Batch[], first: number): void;
  /** The learning rate of the steps to come, for all models. */
  learningRate: number;
  /** Returns the norms of the last step's gradients, `[models]`; only where they are measured. */
  gradientNorms?(): Float64Array | undefined;
  /** Takes one step on a batch and returns the losses before the step. */
  train(batch: Batch, yieldPoint: YieldPoint): Promise<Float64Array>;
  /** Returns loss and metric of the validation batches; changes nothing. */
  validate(yieldPoint: YieldPoint): Promise<Validation>;
  /** Returns copies of a model's parameters, under the original's names. */
  parameters(model: number): NamedArrays;
  /** Returns copies of all that resuming needs: parameters, the optimizer's tensors and its step. */
  state(model: number): NamedArrays;
  /** Restores the state of a model; all models of a learner are at the same step. */
  restore(model: number, state: NamedArrays): void;
  /** Returns what readers of a run's record must know, such as pictures that were left out. */
  notes?(): readonly string[];
  dispose(): Promise<void>;
}
