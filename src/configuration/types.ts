import type { z } from 'zod';
import type { evaluationSchema, trainingSchema } from './schema.js';
import type { dataset, preprocessing } from './schema/data.js';
import type { model, networkSection } from './schema/model.js';
import type { optimization, run } from './schema/training.js';

// The sections of a configuration as types, every default filled in. The keys are described where they are declared, in
// schema.ts and schema/, and by `tripletlab config`. Interfaces, since errors then say their names.

/** The `run` section: where the run's folder `run-NNNN/` lies and which number it has. */
export interface RunConfiguration extends z.output<typeof run> {}

/** The `dataset` section. */
export interface DatasetConfiguration extends z.output<typeof dataset> {}

/** The `preprocessing` section. */
export interface PreprocessingConfiguration extends z.output<typeof preprocessing> {}

/** The network's part of the `model` section, which model URIs carry too. */
export interface NetworkConfiguration extends z.output<typeof networkSection> {}

/** The `model` section: network, loss and metric. */
export interface ModelConfiguration extends z.output<typeof model> {}

/** The `optimization` section. */
export interface OptimizationConfiguration extends z.output<typeof optimization> {}

/** A configuration that trains. */
export interface TrainingConfiguration extends z.output<typeof trainingSchema> {
  run: RunConfiguration;
  dataset: DatasetConfiguration;
  preprocessing: PreprocessingConfiguration;
  model: ModelConfiguration;
  optimization: OptimizationConfiguration;
}

/** What configurations to train and to evaluate have in common. */
export interface CommonConfiguration extends z.output<typeof evaluationSchema> {
  dataset: DatasetConfiguration;
  preprocessing: PreprocessingConfiguration;
}

/** A configuration that evaluates: no `run`, `model` and `optimization`. */
export interface EvaluationConfiguration extends CommonConfiguration {
  run?: undefined;
  model?: undefined;
  optimization?: undefined;
}

export type Configuration = TrainingConfiguration | EvaluationConfiguration;

export type SubsetName = NonNullable<CommonConfiguration['subset_name']>;

/** Does this configuration train? (Otherwise it only evaluates.) */
export function isTraining(configuration: Configuration): configuration is TrainingConfiguration {
  return configuration.model !== undefined;
}
