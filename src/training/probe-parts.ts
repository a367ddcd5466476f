import * as tf from '../tf.js';
import { metricOf, metrics } from '../catalogue/metrics.js';
import type { OwnPart } from '../catalogue/own-parts.js';
import type { TrainingConfiguration } from '../configuration/types.js';
import { UsageError } from '../errors.js';
import { tensorLoss, type Supervision } from '../losses/index.js';
import { anySupervision, explainGradient, unitRows } from '../losses/probe-batch.js';
import { classMetrics, relationMetrics, tripletMetrics } from '../metrics/index.js';
import { optimizers } from '../optimizers/index.js';
import { RandomStream } from '../random/stream.js';
import { ownPartsOf } from './own-parts-of.js';

const ROWS = 12; // a multiple of 3, for triplets

/**
 * Tries the parts of one's own that a configuration names on a few random rows, so that one that lacks something ends
 * the training before it begins.
 *
 * @throws UsageError of one line, naming the part
 */
export function probeParts(configuration: TrainingConfiguration): void {
  for (const part of ownPartsOf(configuration)) {
    const probe = probes[part.kind];
    if (probe === undefined) continue;
    try {
      tf.tidy(() => {
        probe(configuration);
      });
    } catch (error) {
      throw explained(part, error as Error);
    }
  }
}

const explained = ({ kind, name }: OwnPart, error: Error): UsageError => {
  if (error instanceof UsageError) return error;
  return new UsageError(`invalid ${kind} ${name}: ${explainGradient(error)}`, { cause: error });
};

type Probe = (configuration: TrainingConfiguration) => void;

const probes: Readonly<Partial<Record<OwnPart['kind'], Probe>>> = {
  loss: probeLoss,
  miner: probeLoss,
  metric: ({ model }) => {
    const name = metricOf(model.metric_mode);
    const { rows, given } = batchOf(model.embedding_size);
    const { supervision: on } = metrics[name];
    if (on === 'triplets') tripletMetrics[name as keyof typeof tripletMetrics](rows, model.embedding_size, true);
    else if (on === 'classes')
      classMetrics[name as keyof typeof classMetrics](rows, model.embedding_size, given.classes);
    else relationMetrics[name as keyof typeof relationMetrics](given.teachers)(rows, model.embedding_size);
  },
  optimizer: ({ optimization }) => {
    const { optimizer_type: name, initial_learning_rate: learningRate } = optimization;
    const variable = tf.variable(tf.ones([2, 3, 4]));
    const optimizer = optimizers[name]([{ name: 'probe', variable, weightDecay: 0 }], { learningRate });
    for (const member of ['step', 'tensors', 'dispose'] as const)
      if (typeof optimizer[member] !== 'function')
        throw new UsageError(`optimizer ${name} lacks ${member}; see src/optimizers/optimizer.ts`);
    optimizer.step([tf.ones([2, 3, 4])]);
    if (typeof optimizer.steps !== 'number')
      throw new UsageError(`optimizer ${name} lacks steps, which resuming needs`);
    optimizer.dispose();
    variable.dispose();
  },
};

function probeLoss({ model }: TrainingConfiguration): void {
  const { rows, given } = batchOf(model.embedding_size);
  const loss = tensorLoss(model.loss_type, { ...model }, true, new RandomStream(0, 'probe'));
  const { value } = loss.valueAndGradient(rows, ROWS, model.embedding_size, given);
  if (!Number.isFinite(value))
    throw new UsageError(
      `invalid loss ${model.loss_type}: it is ${value} of ${ROWS} random rows; guard divisions, logarithms and roots`,
    );
}

/** Draws a batch, always the same. */
function batchOf(size: number): { rows: Float32Array; given: Required<Supervision> } {
  const stream = new RandomStream(0, 'probe rows');
  return { rows: unitRows(stream, ROWS, size), given: anySupervision(stream, ROWS, size) };
}
