import type { z } from 'zod';
import type { evaluationSchema, trainingSchema } from './schema.js';
import type { dataset, preprocessing } from './schema/data.js';
import type { model, networkSection } from './schema/model.js';
import type { optimization, run } from './schema/training.js';

// The sections of a configuration as types, every default filled in. The keys are described where they are declared, in
// schema.ts and schema/, and by `tripletlab config`.

/** The `run` section: where the run's folder `run-NNNN/` lies and which number it has. */
export type RunConfiguration = z.output<typeof run>;

/** The `dataset` section. */
export type DatasetConfiguration = z.output<typeof dataset>;

/** The `preprocessing` section. */
export type PreprocessingConfiguration = z.output<typeof preprocessing>;

/** The network's part of the `model` section, which model URIs carry too. */
export type NetworkConfiguration = z.output<typeof networkSection>;

/** The `model` section: network, loss and metric. */
export type ModelConfiguration = z.output<typeof model>;

/** The `optimization` section. */
export type OptimizationConfiguration = z.output<typeof optimization>;

/** A configuration that trains. */
export type TrainingConfiguration = z.output<typeof trainingSchema>;

/** What configurations to train and to evaluate have in common. */
export type CommonConfiguration = z.output<typeof evaluationSchema>;

/** A configuration that evaluates: no `run`, `model` and `optimization`. */
export type EvaluationConfiguration = CommonConfiguration & {
  run?: undefined;
  model?: undefined;
  optimization?: undefined;
};

export type Configuration = TrainingConfiguration | EvaluationConfiguration;

export type SubsetName = NonNullable<CommonConfiguration['subset_name']>;

/** Does this configuration train? (Otherwise it only evaluates.) */
export function isTraining(configuration: Configuration): configuration is TrainingConfiguration {
  return configuration.model !== undefined;
}
