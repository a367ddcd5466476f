import * as tf from '../tf.js';
import { losses } from '../catalogue/losses.js';
import { metricOf, metrics } from '../catalogue/metrics.js';
import type { OwnPart } from '../catalogue/own-parts.js';
import type { TrainingConfiguration } from '../configuration/types.js';
import { UsageError } from '../errors.js';
import { tensorLoss, type Supervision } from '../losses/index.js';
import { classMetrics, relationMetrics, tripletMetrics } from '../metrics/index.js';
import { optimizers } from '../optimizers/index.js';
import { RandomStream } from '../random/stream.js';
import { ownPartsOf } from './own-parts-of.js';

const ROWS = 12; // a multiple of 3, for triplets
const TEACHERS = 2;

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
  const cut = error.message.includes('Cannot compute gradient')
    ? 'its value does not follow from the embeddings by tensor operations; leave out dataSync, arraySync and tf.tensor'
    : error.message;
  return new UsageError(`invalid ${kind} ${name}: ${cut}`, { cause: error });
};

type Probe = (configuration: TrainingConfiguration) => void;

const probes: Readonly<Partial<Record<OwnPart['kind'], Probe>>> = {
  loss: probeLoss,
  miner: probeLoss,
  metric: ({ model }) => {
    const name = metricOf(model.metric_mode);
    const rows = randomRows(model.embedding_size);
    const { classes, teachers } = supervision(model.embedding_size);
    const { supervision: on } = metrics[name];
    if (on === 'triplets') tripletMetrics[name as keyof typeof tripletMetrics](rows, model.embedding_size, true);
    else if (on === 'classes') classMetrics[name as keyof typeof classMetrics](rows, model.embedding_size, classes);
    else relationMetrics[name as keyof typeof relationMetrics](teachers)(rows, model.embedding_size);
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
  const stream = new RandomStream(0, 'probe');
  const loss = tensorLoss(model.loss_type, { ...model }, true, stream);
  const given = { ...supervision(model.embedding_size), triplets: true as const, directed: true };
  const { value } = loss.valueAndGradient(randomRows(model.embedding_size), ROWS, model.embedding_size, given);
  if (!Number.isFinite(value))
    throw new UsageError(
      `invalid loss ${model.loss_type}: it is ${value} of ${ROWS} random rows; ${losses[model.loss_type].supervision === 'triplets' ? 'check its formula' : 'guard divisions and logarithms'}`,
    );
}

/** Draws L2-normalised rows `[12, size]`, always the same. */
function randomRows(size: number): Float32Array {
  const stream = new RandomStream(0, 'probe rows');
  const rows = new Float32Array(ROWS * size);
  stream.fillNormal(rows, 0, 1);
  for (let i = 0; i < ROWS; i++) {
    const row = rows.subarray(i * size, (i + 1) * size);
    const norm = Math.hypot(...row);
    row.forEach((value, k) => (row[k] = value / norm));
  }
  return rows;
}

function supervision(size: number): Required<Pick<Supervision, 'classes' | 'teachers'>> {
  const data = new Float32Array(TEACHERS * ROWS * size);
  const rows = randomRows(size);
  for (let i = 0; i < ROWS; i++)
    for (let t = 0; t < TEACHERS; t++) data.set(rows.subarray(i * size, (i + 1) * size), (i * TEACHERS + t) * size);
  return {
    classes: Int32Array.from({ length: ROWS }, (_, i) => 1 + (i % 3)),
    teachers: { data, count: TEACHERS, size },
  };
}
