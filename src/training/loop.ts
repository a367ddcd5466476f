import { brokenParameter, MOST_TRAINED } from '../backbones/broken-parameter.js';
import { Aborted, type Learner, type NamedArrays, type YieldPoint } from './learner.js';
import type { Position } from './runs/checkpoint.js';

/** Makes the batches of training and validation. */
export interface Sampler<Batch> {
  readonly trainingBatches: number;
  /** Draws the next epoch's batches from `random`. */
  trainingEpoch(): Batch[];
  readonly random: { state(): Uint32Array; restore(state: Uint32Array): void };
}

/** Returns a sampler whose epochs end after `most` batches; the orders are drawn as if they did not. */
export function shortened<Batch>(sampler: Sampler<Batch>, most = Infinity): Sampler<Batch> {
  return {
    random: sampler.random,
    trainingBatches: Math.min(sampler.trainingBatches, most),
    trainingEpoch: () => sampler.trainingEpoch().slice(0, most),
  };
}

/** One model's progress in training. */
export interface ModelProgress {
  readonly name: string;
  readonly position: Position;
  /** Why it cannot go on, once a number is not finite. */
  failure?: string;
  /** Whether it was stopped before the last epoch; it is finished. */
  stopped?: boolean;
  /** The parameters at the best epoch of this attempt, until they are written to disk. */
  best?: ReturnType<Learner<unknown>['parameters']>;
}

/** A moment in training, for progress bars and live curves. */
export interface Progress {
  readonly epoch: number; // from 1, the present one or the one that just ended
  readonly epochs: number;
  /** Batches that are done, with the share of the present one. */
  readonly batch: number;
  readonly batches: number;
  /** Mean loss in this epoch so far, over batches and models. */
  readonly loss: number;
}

export interface LoopOptions<Batch> {
  readonly epochs: number;
  readonly metric: { readonly name: string; readonly mode: 'max' | 'min' };
  readonly sampler: Sampler<Batch>;
  readonly describeBatch: (batch: Batch) => string;
  /** Called every now and then; with `between` training is between two batches, where checkpoints can be written. */
  readonly onPause: (progress: Progress, between: boolean) => void | Promise<void>;
  /** Called after each step, with the losses `[models]` before it. */
  readonly onBatch?: (losses: Float64Array, batches: number) => void | Promise<void>;
  readonly onEpoch: () => void | Promise<void>;
  readonly signal?: AbortSignal | undefined;
}

/** Milliseconds of computing after which signals, timers and progress get their turn. */
const PAUSE_AFTER = 50; // ms

/**
 * Trains models together, epoch by epoch: a pass over the training batches, then loss and metric on the validation
 * batches. Keeps the best parameters of each model.
 *
 * All models start at the same position. Returns early when the signal is aborted. A model whose loss, metric or
 * parameters are not finite stops with a `failure`; the others go on.
 */
export async function trainEpochs<Batch>(
  learner: Learner<Batch>,
  models: readonly ModelProgress[],
  options: LoopOptions<Batch>,
): Promise<'finished' | 'aborted'> {
  const { epochs, sampler } = options;
  const clock = { pausedAt: performance.now() };
  const first = { ...models[0].position };
  sampler.random.restore(first.random);
  try {
    for (let epoch = first.epoch; epoch < epochs; epoch++) {
      const end = await trainEpoch(learner, models, options, epoch === first.epoch ? first.batch : 0, clock);
      if (end !== 'trained') return end;
      await options.onEpoch();
      if (activeOf(models).length === 0) return 'finished';
      if (options.signal?.aborted) return epoch + 1 < epochs ? 'aborted' : 'finished';
    }
  } catch (error) {
    if (error instanceof Aborted) return 'aborted';
    throw error;
  }
  return 'finished';
}

const isActive = ({ failure, stopped }: ModelProgress): boolean => failure === undefined && !stopped;

/** Returns the models that are still trained. */
export const activeOf = (models: readonly ModelProgress[]): ModelProgress[] => models.filter(isActive);

/** Trains one epoch, from a given batch on; returns 'finished' where no model can go on. */
async function trainEpoch<Batch>(
  learner: Learner<Batch>,
  models: readonly ModelProgress[],
  options: LoopOptions<Batch>,
  firstBatch: number,
  clock: { pausedAt: number },
): Promise<'trained' | 'finished' | 'aborted'> {
  const { epochs, sampler } = options;
  const batches = sampler.trainingEpoch();
  let since = performance.now();
  const account = (): void => {
    const now = performance.now();
    for (const { position } of activeOf(models)) position.seconds += (now - since) / 1000;
    since = now;
  };
  const pause = async (share: number, between: boolean): Promise<void> => {
    if (performance.now() - clock.pausedAt <= PAUSE_AFTER) return;
    account();
    await new Promise(setImmediate);
    await options.onPause(progress(activeOf(models), batches.length, epochs, share), between);
    clock.pausedAt = since = performance.now();
  };
  const yieldPoint: YieldPoint = async (share) => {
    await pause(share, false);
    if (options.signal?.aborted) throw new Aborted();
  };
  learner.plan?.(activeOf(models)[0].position.epoch, batches, firstBatch);
  for (let at = firstBatch; at < batches.length; at++) {
    const losses = await learner.train(batches[at], yieldPoint);
    models.forEach((model, index) => {
      if (!isActive(model)) return;
      model.position.batch = at + 1;
      model.position.lossSum += losses[index];
      if (!Number.isFinite(losses[index])) model.failure = explain(model, losses[index], batches, at, options);
    });
    if (activeOf(models).length === 0) return 'finished';
    await options.onBatch?.(losses, batches.length);
    await pause(0, true);
    if (options.signal?.aborted) return 'aborted';
  }
  const validation = await learner.validate(() => yieldPoint(0));
  account();
  const random = sampler.random.state();
  models.forEach((model, index) => {
    if (!isActive(model)) return;
    const { position } = model;
    const [loss, metric] = [validation.loss[index], validation.metric[index]];
    const parameters = learner.parameters(index);
    const unsound = unsoundness(loss, metric, parameters, options.metric.name);
    if (unsound !== undefined) {
      model.failure = `${unsound} in ${model.name} after epoch ${position.epoch + 1}; ${REMEDY}`;
      return;
    }
    endEpoch(position, batches.length, loss, metric);
    position.random = random;
    if (!isBetter(position, metric, options.metric.mode)) return;
    position.best = { epoch: position.epoch, metric: options.metric.name, value: metric };
    model.best = parameters;
  });
  return activeOf(models).length > 0 ? 'trained' : 'finished';
}

const REMEDY = 'lower optimization.initial_learning_rate or check the data';

/** Tells why a model cannot go on after an epoch, if so: numbers that are not finite cannot be compared. */
function unsoundness(loss: number, metric: number, parameters: NamedArrays, metricName: string): string | undefined {
  if (!Number.isFinite(loss)) return `validation loss is ${loss}`;
  const name = brokenParameter(parameters, MOST_TRAINED);
  if (name !== undefined) return `parameter ${name} has a NaN or a number above ${MOST_TRAINED.toExponential()}`;
  return Number.isFinite(metric) ? undefined : `validation ${metricName} is ${metric}`;
}

const isBetter = ({ best }: Position, value: number, mode: 'max' | 'min'): boolean =>
  best === null || (mode === 'max' ? value > best.value : value < best.value);

function explain<Batch>(
  { name, position }: ModelProgress,
  loss: number,
  batches: readonly Batch[],
  at: number,
  { describeBatch }: LoopOptions<Batch>,
): string {
  const step = position.epoch * batches.length + at + 1;
  return (
    `training loss is ${loss} in ${name} at epoch ${position.epoch + 1}, step ${step}, batch ${at + 1} of ` +
    `${batches.length} (${describeBatch(batches[at])}); ${REMEDY}`
  );
}

function endEpoch(position: Position, batches: number, validationLoss: number, metric: number): void {
  position.epoch++;
  position.epochs.push({
    epoch: position.epoch,
    training_loss: position.lossSum / batches,
    validation_loss: validationLoss,
    metric,
    seconds: position.seconds,
    time: Date.now() / 1000,
  });
  Object.assign(position, { batch: 0, lossSum: 0, seconds: 0 });
}

function progress(models: readonly ModelProgress[], batches: number, epochs: number, share: number): Progress {
  const { epoch, batch } = models[0].position;
  const loss = models.reduce((sum, { position }) => sum + position.lossSum / position.batch, 0) / models.length;
  return { epoch: epoch + 1, epochs, batch: batch + share, batches, loss };
}
