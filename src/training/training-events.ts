import { UsageError } from '../errors.js';
import type { Learner } from './learner.js';
import { activeOf, type ModelProgress } from './loop.js';

/** What a listener can read and change of a run in training. */
interface RunEvent {
  /** The name of the run, such as `run-0640`. */
  readonly run: string;
  /** The present epoch, from 1. */
  readonly epoch: number;
  readonly epochs: number;
  /**
   * The norm of the last step's gradient with respect to all trained parameters. It is NaN for teachers of a fused
   * kernel, which keeps no gradient; `fused: false` gives it.
   */
  readonly gradientNorm: number;
  /**
   * The learning rate. Setting it changes the steps that follow, after a resume too, of this run and of those that train
   * together with it.
   *
   * @throws UsageError where it is negative or not finite
   */
  learningRate: number;
}

/** A step that was taken. */
export interface BatchEvent extends RunEvent {
  /** The batch, from 1. */
  readonly batch: number;
  readonly batches: number;
  /** The loss before the step. */
  readonly loss: number;
}

/** An epoch that has ended. */
export interface EpochEvent extends RunEvent {
  /** Means over the batches. */
  readonly trainingLoss: number;
  readonly validationLoss: number;
  readonly metric: number;
  /** The best epoch so far. */
  readonly best: { readonly epoch: number; readonly value: number };
  /** Ends the run after this epoch; it is finished then. */
  stop(): void;
}

export interface TrainingListeners {
  /** Called after each step of a run. */
  readonly onBatch?: (event: BatchEvent) => void | Promise<void>;
  /** Called after each epoch of a run. */
  readonly onEpoch?: (event: EpochEvent) => void | Promise<void>;
}

/** Tells listeners of steps and epochs, and does what they ask for. */
export class TrainingEvents {
  constructor(
    private readonly listeners: TrainingListeners,
    private readonly learner: Learner<unknown>,
    private readonly models: readonly ModelProgress[],
    private readonly epochs: number,
  ) {
    const { learningRate } = models[0].position;
    if (learningRate !== undefined) learner.learningRate = learningRate;
  }

  /** @param losses `[models]` */
  async batch(losses: Float64Array, batches: number): Promise<void> {
    const { onBatch } = this.listeners;
    if (onBatch === undefined) return;
    for (const model of activeOf(this.models)) {
      const { epoch, batch } = model.position;
      const at = this.models.indexOf(model);
      await onBatch(this.event(model, epoch + 1, { batch, batches, loss: losses[at] }));
    }
  }

  /** @param finish ends the run of a model that a listener stops */
  async epoch(finish: (model: number) => void): Promise<void> {
    const { onEpoch } = this.listeners;
    if (onEpoch === undefined) return;
    for (const model of activeOf(this.models)) {
      const { training_loss, validation_loss, metric, epoch } = model.position.epochs.at(-1)!;
      const stop = (): void => {
        if (epoch < this.epochs) model.stopped = true;
      };
      const { epoch: bestEpoch, value } = model.position.best!;
      const best = { epoch: bestEpoch, value };
      const facts = { trainingLoss: training_loss, validationLoss: validation_loss, metric, best, stop };
      await onEpoch(this.event(model, epoch, facts));
      if (model.stopped) finish(this.models.indexOf(model));
    }
  }

  /** Returns what readers of the record of a model must know. */
  notes(model: number): string[] {
    const { stopped, position } = this.models[model];
    const { learningRate: rate } = position;
    return [
      ...(rate === undefined
        ? []
        : [`learning rate: set to ${rate} by the program that trains, in epoch ${position.epoch}`]),
      ...(stopped ? [`stopped: after epoch ${position.epoch} by the program that trains`] : []),
    ];
  }

  private event<Facts extends object>(model: ModelProgress, epoch: number, facts: Facts): RunEvent & Facts {
    const { learner, models, epochs } = this;
    const control: RunEvent = {
      run: model.name,
      epoch,
      epochs,
      gradientNorm: learner.gradientNorms?.()?.[models.indexOf(model)] ?? NaN,
      get learningRate() {
        return learner.learningRate;
      },
      set learningRate(rate) {
        if (!(Number.isFinite(rate) && rate >= 0))
          throw new UsageError(`invalid learningRate of ${model.name}: ${rate}; give a finite number of at least 0`);
        learner.learningRate = rate;
        for (const { position } of models) position.learningRate = rate;
      },
    };
    return Object.defineProperties(control, Object.getOwnPropertyDescriptors(facts)) as RunEvent & Facts;
  }
}
