import type { z } from 'zod';
import type { evaluationSchema, trainingSchema } from './schema.js';
import type { dataset, preprocessing } from './schema/data.js';
import type { model, networkSection } from './schema/model.js';
import type { optimization, run } from './schema/training.js';

// The sections of a configuration as types, with every default filled in. The keys are described where they are
// declared, in schema.ts and schema/, and by `tripletlab config`. Interfaces make errors show their names.

/** The `run` section: the folder of the run's `run-NNNN/`, and its number. */
export interface RunConfiguration extends z.output<typeof run> {}

/** The `dataset` section. */
export interface DatasetConfiguration extends z.output<typeof dataset> {}

/** The `preprocessing` section. */
export interface PreprocessingConfiguration extends z.output<typeof preprocessing> {}

/** The keys of the `model` section about the network, which model URIs contain too. */
export interface NetworkConfiguration extends z.output<typeof networkSection> {}

/** The `model` section: network, loss and metric. */
export interface ModelConfiguration extends z.output<typeof model> {}

/** The `optimization` section. */
export interface OptimizationConfiguration extends z.output<typeof optimization> {}

/** A configuration for training. */
export interface TrainingConfiguration extends z.output<typeof trainingSchema> {
  run: RunConfiguration;
  dataset: DatasetConfiguration;
  preprocessing: PreprocessingConfiguration;
  model: ModelConfiguration;
  optimization: OptimizationConfiguration;
}

/** The keys that configurations for training and for evaluation have in common. */
export interface CommonConfiguration extends z.output<typeof evaluationSchema> {
  dataset: DatasetConfiguration;
  preprocessing: PreprocessingConfiguration;
}

/** A configuration for evaluation: no `run`, `model` and `optimization`. */
export interface EvaluationConfiguration extends CommonConfiguration {
  run?: undefined;
  model?: undefined;
  optimization?: undefined;
}

export type Configuration = TrainingConfiguration | EvaluationConfiguration;

export type SubsetName = NonNullable<CommonConfiguration['subset_name']>;

/** Is this configuration for training? (Otherwise it is only for evaluation.) */
export function isTraining(configuration: Configuration): configuration is TrainingConfiguration {
  return configuration.model !== undefined;
}
