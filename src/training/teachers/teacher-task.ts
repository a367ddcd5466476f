import { drawOf } from '../../configuration/repetitions.js';
import { totalmem } from 'node:os';
import { indexTables } from '../../teachers/index-tables.js';
import { metricOf } from '../../catalogue/metrics.js';
import type { IndexModelName } from '../../catalogue/models.js';
import type { TrainingConfiguration } from '../../configuration/types.js';
import type { TripletDataset } from '../../datasets/dataset.js';
import { labelsDigest } from '../../datasets/digests.js';
import { makeTripletDataset } from '../../datasets/index.js';
import { fusedTeachers, type TeacherSpecification } from '../../teachers/index.js';
import type { Engine } from '../../engine/types.js';
import { UsageError } from '../../errors.js';
import { RandomStream } from '../../random/stream.js';
import { NamedSampler } from '../../samplers/own-sampler.js';
import { TripletSampler } from '../../samplers/triplet-sampler.js';
import { batchLearner } from './batch-learner.js';
import type { Learner } from '../learner.js';
import type { LearnerOptions, Task } from '../task.js';

/** Replaces each item of triplets by its class's prototype, as the original's `IndexRemapPreprocessing` does. */
const remap = (triplets: Int32Array, prototypes: Int32Array): Int32Array => triplets.map((item) => prototypes[item]);

function countOf(triplets: Int32Array): number {
  return triplets.length / 3;
}

/** Refuses data that cannot be trained on before anything is written. */
function check(dataset: TripletDataset, batchSize: number): void {
  const [training, validation] = [countOf(dataset.triplets.training), countOf(dataset.triplets.validation)];
  if (training === 0 || validation === 0)
    throw new UsageError(
      `empty subset: ${training === 0 ? 'training' : 'validation'} of ${dataset.name} has no triplets; check the data and dataset.version`,
    );
  if (training * 3 < batchSize)
    throw new UsageError(
      `invalid dataset.batch_size: ${batchSize}; the training subset has ${training} triplets, so at most ${3 * training}`,
    );
}

/** Tables that a teacher in training holds: parameters, two moments, gradient, and the best parameters so far. */
const TABLES = 5;

/** Refuses teachers that do not fit in memory, before they are drawn. */
function checkMemory(dataset: TripletDataset, configurations: readonly TrainingConfiguration[]): void {
  const { embedding_size: size } = configurations[0].model;
  const gib = (configurations.length * dataset.items.length * size * 4 * TABLES) / 2 ** 30;
  const most = totalmem() / 2 ** 30;
  if (gib > most)
    throw new UsageError(
      `invalid model.embedding_size: ${size}; ${configurations.length} x ${dataset.items.length} items take ${gib.toFixed(0)} GiB, this machine has ${most.toFixed(0)}; lower it or num_repetitions`,
    );
}

function specification(
  configurations: readonly TrainingConfiguration[],
  dataset: TripletDataset,
  triplets: { training: Int32Array; validation: Int32Array },
): TeacherSpecification {
  const { model, optimization, dataset: data } = configurations[0];
  const { train_regularization = false } = model;
  const free = model.name === 'Ordinal';
  const numeric = Object.entries(model).filter(([, value]) => typeof value === 'number' || typeof value === 'boolean');
  return {
    initial: configurations.map(({ run, seed }) =>
      indexTables[model.name as IndexModelName].initial(
        new RandomStream(seed, drawOf(run), 'initial table'),
        dataset.items.length,
        model.embedding_size,
      ),
    ),
    numItems: dataset.items.length,
    embeddingSize: model.embedding_size,
    usedItems: Int32Array.from(new Set([...triplets.training, ...triplets.validation])).sort(),
    maxTriplets: data.batch_size / 3,
    directed: dataset.directed,
    free,
    loss: model.loss_type,
    lossParameters: Object.fromEntries(numeric.map(([key, value]) => [key, Number(value)])),
    optimizer: optimization.optimizer_type,
    metric: metricOf(model.metric_mode),
    learningRate: optimization.initial_learning_rate,
    weightDecay: free || train_regularization ? optimization.weight_decay : 0,
    beta: free ? 0 : (model.beta ?? 0),
    trainPenalty: train_regularization,
  };
}

/**
 * Makes the task of training index teachers (`Psycho`, `Ordinal`) on triplets: data, sampler and learner.
 *
 * @param configurations one per teacher, alike except for `run.id`; each teacher is drawn from its own seed and id
 */
export function teacherTask(configurations: readonly TrainingConfiguration[]): Task<Int32Array> {
  const { dataset: section, optimization } = configurations[0];
  const dataset = makeTripletDataset(section);
  check(dataset, section.batch_size);
  checkMemory(dataset, configurations);
  const {
    seed,
    dataset: { version },
  } = configurations[0];
  const stream = new RandomStream(seed, version, 'order'); // all teachers learn from the same batches
  const training = remap(dataset.triplets.training, dataset.prototypes);
  const validation = remap(dataset.triplets.validation, dataset.prototypes);
  const sampler =
    section.sampler === undefined
      ? new TripletSampler(training, section.batch_size, dataset.random)
      : new NamedSampler(section.sampler, { dataset, training, batchSize: section.batch_size, random: stream }, 3);
  const validationBatches = new TripletSampler(validation, section.batch_size, dataset.random).evaluationEpoch();
  return {
    facts: dataset.facts,
    inputs: { labels: labelsDigest(dataset) },
    sampler,
    describeBatch: (batch) => `its first triplet: items ${batch.slice(0, 3).join(' ')}`,
    async learner(engine: Engine, { fused, measure }: LearnerOptions): Promise<Learner<Int32Array>> {
      const spec = specification(configurations, dataset, { training, validation });
      const weights = validationBatches.map((batch) => (optimization.evaluate_globally ? countOf(batch) : 1));
      const kernel = fused ? fusedTeachers(engine, spec) : undefined;
      if (kernel !== undefined) return batchLearner(kernel, validationBatches, weights);
      const { TensorTeachers } = await import('./tensor-teachers.js');
      return batchLearner(new TensorTeachers(spec, measure), validationBatches, weights);
    },
  };
}
