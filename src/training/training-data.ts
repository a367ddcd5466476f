import { drawOf } from '../configuration/repetitions.js';
import { datasetTraits } from '../configuration/names.js';
import type { DatasetKind, MetricName } from '../configuration/names.js';
import type { TrainingConfiguration } from '../configuration/types.js';
import {
  loadSourceEmbeddings,
  type ClassDataset,
  type ItemDataset,
  type SourceEmbeddings,
  type TripletDataset,
} from '../datasets/index.js';
import { UsageError } from '../errors.js';
import type { Supervision } from '../losses/index.js';
import { meanPrecisionAt1, tripletRelation } from '../metrics/index.js';
import { RandomStream } from '../random/stream.js';
import { MPerClassSampler, InstanceSampler, TripletSampler } from '../samplers/index.js';
import type { Sampler } from './loop.js';
import { batchwise, globally, tripletMetric, type MetricOfRows, type ValidationMetric } from './validation-metric.js';

/** What an image network learns from and is measured by: all that depends on the kind of data set. */
export interface TrainingData {
  readonly sampler: Sampler<Int32Array>;
  /** All items of training and validation batches, in any order and number. */
  readonly items: readonly Int32Array[];
  /** The validation batches of the present epoch. */
  validationBatches(): readonly Int32Array[];
  readonly metric: ValidationMetric;
  /** Of labelled triplets: is the first the anchor? */
  readonly directed: boolean;
  /** Rows of a batch that belong together: 3 for triplets, else 1. */
  readonly together: number;
  supervise(items: Int32Array, training: boolean): Supervision;
  /** Names the teachers' embeddings by their values; undefined where there is no file of them. */
  readonly sourceEmbeddings?: string | undefined;
}

type TrainingDataFactory = (configuration: TrainingConfiguration, dataset: never) => TrainingData;

const factories: Partial<Record<DatasetKind, TrainingDataFactory>> = {
  'triplets of images': ofTriplets,
  'source embeddings': ofTeachers,
  classes: ofClasses,
};

/**
 * The lessons of a configuration.
 *
 * @throws UsageError where the data set has nothing to learn from, or the teachers' embeddings do not fit it
 */
export function trainingData(configuration: TrainingConfiguration, dataset: ItemDataset): TrainingData {
  const { name, batch_size } = configuration.dataset;
  for (const subset of ['training', 'validation'] as const)
    if (dataset.instances[subset].length === 0)
      throw new UsageError(`empty subset: ${subset} of ${name} has no pictures; check the data and dataset.version`);
  const lesson = factories[datasetTraits[name].kind]!(configuration, dataset as never);
  if (lesson.sampler.trainingBatches === 0)
    throw new UsageError(
      `invalid dataset.batch_size: ${batch_size}; the training subset of ${name} does not fill one batch`,
    );
  return lesson;
}

/** Computes it when it is first wanted. */
function once<T>(make: () => T): () => T {
  let made: T | undefined;
  return () => (made ??= make());
}

function ofTriplets({ dataset: section, optimization }: TrainingConfiguration, dataset: TripletDataset): TrainingData {
  const { directed, triplets, random } = dataset;
  return {
    sampler: new TripletSampler(triplets.training, section.batch_size, random),
    validationBatches: once(() =>
      new TripletSampler(triplets.validation, section.batch_size, random).evaluationEpoch(),
    ),
    items: [triplets.training, triplets.validation],
    metric: batchwise(tripletMetric(directed), optimization.evaluate_globally),
    directed,
    together: 3,
    supervise: () => ({ triplets: true, directed }),
  };
}

function ofTeachers(
  { dataset: section, seed, run, model }: TrainingConfiguration,
  dataset: TripletDataset,
): TrainingData {
  const teachers = loadSourceEmbeddings(section, dataset);
  const stream = new RandomStream(seed, drawOf(run), 'order');
  const sampler = new InstanceSampler(dataset.instances.training, section.batch_size, stream);
  return {
    sampler,
    validationBatches: once(() =>
      new InstanceSampler(dataset.instances.validation, section.batch_size, stream).evaluationEpoch(),
    ),
    items: [dataset.instances.training, dataset.instances.validation],
    metric: globally(relationMetric(model.metric_mode.split('/')[0] as MetricName, teachers)),
    directed: dataset.directed,
    together: 1,
    supervise: (items) => ({ teachers: teachers.rows(items) }),
    sourceEmbeddings: teachers.digest,
  };
}

/** What the teachers say of the validation items is computed once. */
function relationMetric(name: MetricName, teachers: SourceEmbeddings): MetricOfRows {
  const thresholded = name === 'fraction_same_triplet_relation_thresholded';
  let of: string | undefined;
  let relation: ReturnType<typeof tripletRelation> | undefined;
  return (embeddings, size, items) => {
    const key = items.join();
    if (key !== of || relation === undefined)
      [of, relation] = [key, tripletRelation(teachers.rows(items), { thresholded })];
    return relation(embeddings, size);
  };
}

function ofClasses(
  { dataset: section, optimization, model }: TrainingConfiguration,
  dataset: ClassDataset,
): TrainingData {
  const teachers = loadSourceEmbeddings(section, dataset);
  const k = section.num_neighbors_per_instance! + 1;
  const sampler = new MPerClassSampler(dataset, section.batch_size, k);
  const classesOf = (items: Int32Array): Int32Array => items.map((item) => dataset.items[item].class);
  const name = model.metric_mode.split('/')[0] as MetricName;
  const metric: MetricOfRows =
    name === 'mP@1'
      ? (embeddings, size, items) => meanPrecisionAt1(embeddings, size, classesOf(items))
      : relationMetric(name, teachers);
  return {
    sampler,
    validationBatches: () => sampler.evaluationEpoch(), // in an order of each epoch's own
    items: [dataset.instances.training, dataset.instances.validation],
    metric: optimization.evaluate_globally ? globally(metric) : batchwise(metric, false),
    directed: false,
    together: 1,
    supervise: (items, training) => ({ classes: classesOf(items), teachers: teachers.rows(items, training) }),
    sourceEmbeddings: teachers.digest,
  };
}
