import { register as registerBackbone, type OwnBackbone } from '../backbones/index.js';
import {
  datasetParameters,
  datasets as datasetDeclarations,
  readsParameter,
  supervisionsOf,
} from '../catalogue/datasets.js';
import { namesOf } from '../catalogue/names.js';
import { partKinds } from '../catalogue/own-parts.js';
import {
  isTraining,
  resolveConfiguration,
  type TrainingConfiguration,
  type DatasetConfiguration,
} from '../configuration/index.js';
import { nameLike, register as registerDataset, type OwnDataset } from '../datasets/index.js';
import { UsageError } from '../errors.js';
import { register as registerLoss, type LossFunction, type OwnLoss } from '../losses/index.js';
import { register as registerMetric, type OwnMetric } from '../metrics/index.js';
import { register as registerMiner, type OwnMiner } from '../miners/index.js';
import { register as registerOptimizer, type OwnOptimizer } from '../optimizers/index.js';
import { register as registerSampler, type OwnSampler } from '../samplers/index.js';

/** Parts of one's own that a training uses in place of those that its configuration names. */
export interface PartOptions {
  /** A loss, or only its function: then it is on what the data set gives. */
  readonly loss?: OwnLoss | LossFunction;
  readonly miner?: OwnMiner;
  readonly backbone?: OwnBackbone;
  readonly dataset?: OwnDataset;
  readonly sampler?: OwnSampler;
  readonly metric?: OwnMetric;
  readonly optimizer?: OwnOptimizer;
}

/**
 * Registers parts, once, and returns the configurations with their names.
 *
 * @param configurations alike except for `run` and `dataset.version`
 * @throws UsageError where a part is not of its type, or does not fit the configurations
 */
export function withParts(
  configurations: readonly TrainingConfiguration[],
  parts: PartOptions,
): readonly TrainingConfiguration[] {
  if (partKinds.every((kind) => parts[kind] === undefined)) return configurations;
  const { loss, miner, backbone, dataset, sampler, metric, optimizer } = parts;
  if (dataset) registerDataset(dataset);
  const setName = (name: DatasetConfiguration['name']) => (dataset ? nameLike(dataset, name) : name);
  const ownLoss = typeof loss === 'function' ? lossOf(loss, setName(configurations[0].dataset.name)) : loss;
  if (ownLoss) registerLoss(ownLoss);
  if (miner) registerMiner(miner);
  if (backbone) registerBackbone(backbone);
  if (sampler) registerSampler(sampler);
  if (metric) registerMetric(metric);
  if (optimizer) registerOptimizer(optimizer);
  return configurations.map((configuration) => named(configuration, parts, ownLoss));
}

/** Returns a configuration with the names of registered parts. */
function named(
  configuration: TrainingConfiguration,
  { miner, backbone, dataset, sampler, metric, optimizer }: PartOptions,
  loss: OwnLoss | undefined,
): TrainingConfiguration {
  const { model, optimization } = configuration;
  const section = dataset ? ofOwnDataset(configuration.dataset, dataset) : configuration.dataset;
  const changed = resolveConfiguration(
    {
      ...configuration,
      dataset: { ...section, ...(sampler ? { sampler: sampler.name } : {}) },
      model: {
        ...model,
        ...(backbone ? { name: backbone.name } : {}),
        ...(loss ? { loss_type: loss.name } : {}),
        ...(miner ? { batch_mining: miner.name } : {}),
        ...(metric ? { metric_mode: `${metric.name}/${model.metric_mode.endsWith('/min') ? 'min' : 'max'}` } : {}),
      },
      optimization: { ...optimization, ...(optimizer ? { optimizer_type: optimizer.name } : {}) },
    },
    [],
    'the configuration with your parts',
  );
  if (!isTraining(changed)) throw new UsageError('this configuration only evaluates; to train it needs a model');
  return changed;
}

/** Puts a set of one's own into a section, without the keys that only the former set read. */
function ofOwnDataset(section: DatasetConfiguration, own: OwnDataset): DatasetConfiguration {
  const name = nameLike(own, section.name);
  const others = new Set<string>(namesOf(datasetParameters).filter((key) => !readsParameter(name, key)));
  const kept = Object.fromEntries(Object.entries(section).filter(([key]) => !others.has(key)));
  return { ...(kept as unknown as DatasetConfiguration), name, raw_data_directory_name: null };
}

/** Makes a loss of a bare function, on the first supervision that the data set gives. */
function lossOf(loss: LossFunction, dataset: TrainingConfiguration['dataset']['name']): OwnLoss {
  if (loss.name === '' || loss.name === 'loss')
    throw new UsageError('missing name of a loss; give { name, supervision, loss }, or a function with a name');
  return { name: loss.name, supervision: supervisionsOf[datasetDeclarations[dataset].kind][0], loss };
}
