import { datasets } from '../catalogue/datasets.js';
import { drawOf } from '../configuration/repetitions.js';
import { metricOf, metrics } from '../catalogue/metrics.js';
import { isNameOf } from '../catalogue/names.js';
import type { TrainingConfiguration } from '../configuration/types.js';
import {
  isTripletDataset,
  loadSourceEmbeddings,
  type ClassDataset,
  type ItemDataset,
  type SourceEmbeddings,
  type TripletDataset,
} from '../datasets/index.js';
import { UsageError, unknown } from '../errors.js';
import type { Supervision } from '../losses/index.js';
import { classMetrics, relationMetrics, tripletMetrics } from '../metrics/index.js';
import { RandomStream } from '../random/stream.js';
import { InstanceSampler, MPerClassSampler, NamedSampler, TripletSampler } from '../samplers/index.js';
import type { Sampler } from './loop.js';
import { batchwise, globally, type MetricOfRows, type ValidationMetric } from './validation-metric.js';

/** The data and the metric of an image network's training: all that depends on the kind of data set. */
export interface TrainingData {
  readonly sampler: Sampler<Int32Array>;
  /** All items of training and validation batches, in any order and with repeats. */
  readonly items: readonly Int32Array[];
  /** Returns the validation batches of the present epoch. */
  validationBatches(): readonly Int32Array[];
  readonly metric: ValidationMetric;
  /** For labelled triplets: is the first item the anchor? */
  readonly directed: boolean;
  /** Rows of a batch that belong together: 3 for triplets, else 1. */
  readonly together: number;
  supervise(items: Int32Array, training: boolean): Supervision;
  /** Digest of the teachers' embeddings; undefined where there is no file of them. */
  readonly sourceEmbeddings?: string | undefined;
}

/**
 * Makes the training data of a configuration.
 *
 * @throws UsageError where the data set has nothing to learn from, or the teachers' embeddings do not fit it
 */
export function trainingData(
  configuration: TrainingConfiguration,
  dataset: TripletDataset | ClassDataset,
): TrainingData {
  const { name, batch_size } = configuration.dataset;
  for (const subset of ['training', 'validation'] as const)
    if (dataset.instances[subset].length === 0)
      throw new UsageError(`empty subset: ${subset} of ${name} has no pictures; check the data and dataset.version`);
  const ofTripletSet = datasets[name].kind === 'source embeddings' ? ofTeachers : ofTriplets;
  const usual = isTripletDataset(dataset) ? ofTripletSet(configuration, dataset) : ofClasses(configuration, dataset);
  const data = { ...usual, sampler: ownSampler(configuration, dataset, usual) ?? usual.sampler };
  if (data.sampler.trainingBatches === 0)
    throw new UsageError(
      `invalid dataset.batch_size: ${batch_size}; the training subset of ${name} does not fill one batch`,
    );
  return data;
}

/** Makes the sampler of one's own that a configuration names; undefined where it names none. */
function ownSampler(
  { dataset: { sampler, batch_size: batchSize }, seed, run }: TrainingConfiguration,
  dataset: ItemDataset,
  { items: [training], together }: TrainingData,
): NamedSampler | undefined {
  if (sampler === undefined) return undefined;
  const random = new RandomStream(seed, drawOf(run), 'order');
  return new NamedSampler(sampler, { dataset, training, batchSize, random }, together);
}

/** Returns a function that computes its value when it is first called. */
function once<T>(make: () => T): () => T {
  let made: T | undefined;
  return () => (made ??= make());
}

/** Returns the metric of that name. @throws UsageError where the data set lacks what it needs */
function registered<Metric>(registry: Readonly<Record<string, Metric>>, name: string): Metric {
  if (!isNameOf(registry, name)) throw unknown('metric_mode', name, Object.keys(registry));
  return registry[name];
}

function ofTriplets(
  { dataset: section, optimization, model }: TrainingConfiguration,
  dataset: TripletDataset,
): TrainingData {
  const { directed, triplets, random } = dataset;
  const score = registered(tripletMetrics, metricOf(model.metric_mode));
  return {
    sampler: new TripletSampler(triplets.training, section.batch_size, random),
    validationBatches: once(() =>
      new TripletSampler(triplets.validation, section.batch_size, random).evaluationEpoch(),
    ),
    items: [triplets.training, triplets.validation],
    metric: batchwise((embeddings, size) => score(embeddings, size, directed), optimization.evaluate_globally),
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
    metric: globally(relationMetric(metricOf(model.metric_mode), teachers)),
    directed: dataset.directed,
    together: 1,
    supervise: (items) => ({ teachers: teachers.rows(items) }),
    sourceEmbeddings: teachers.digest,
  };
}

/** Makes a metric against the teachers' relations, which are computed once for the validation items. */
function relationMetric(name: string, teachers: SourceEmbeddings): MetricOfRows {
  const relationTo = registered(relationMetrics, name);
  let of: string | undefined;
  let relation: ReturnType<typeof relationTo> | undefined;
  return (embeddings, size, items) => {
    const key = items.join();
    if (key !== of || relation === undefined) [of, relation] = [key, relationTo(teachers.rows(items))];
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
  const name = metricOf(model.metric_mode);
  const metric: MetricOfRows =
    metrics[name].supervision === 'classes'
      ? (embeddings, size, items) => registered(classMetrics, name)(embeddings, size, classesOf(items))
      : relationMetric(name, teachers);
  return {
    sampler,
    validationBatches: () => sampler.evaluationEpoch(), // each epoch has its own order
    items: [dataset.instances.training, dataset.instances.validation],
    metric: optimization.evaluate_globally ? globally(metric) : batchwise(metric, false),
    directed: false,
    together: 1,
    supervise: (items, training) => ({ classes: classesOf(items), teachers: teachers.rows(items, training) }),
    sourceEmbeddings: teachers.digest,
  };
}
