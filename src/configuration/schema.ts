import { z } from 'zod';
import { expandHome } from '../files.js';
import {
  datasetTraits,
  engineNames,
  lossTraits,
  metricNames,
  modelNames,
  optimizerTypes,
  precisions,
  preprocessingNames,
} from './names.js';
import type { DatasetName, LossType, MetricMode } from './names.js';
import type { EvaluationConfiguration, TrainingConfiguration } from './types.js';

export type * from './types.js';
export { isTraining } from './types.js';

/** The names of a record, typed. */
const namesOf = <Name extends string>(record: Record<Name, unknown>): Name[] => Object.keys(record) as Name[];

/** An integer from `least` to `most`, a size that no machine can take. */
const integer = (least: number, most = Number.MAX_SAFE_INTEGER) => {
  const words = `an integer of at least ${least}`;
  const error = ({ input }: { readonly input?: unknown }) =>
    typeof input === 'string' && /^0[\d_]+$/.test(input) ? `${words}, without leading zeros` : words;
  return z
    .int({ error })
    .min(least, { error })
    .max(most, { error: `an integer of at most ${most}` });
};
const number = z.number({ error: 'a finite number' });
const notNegative = number.min(0, { error: 'a finite number of at least 0' });
const positive = number.positive({ error: 'a finite number above 0' });
const boolean = z.boolean({ error: 'true or false' });
const text = z.string({ error: 'a text' }).min(1, { error: 'a text that is not empty' });
const path = z
  .string({ error: 'a path' })
  .min(1, { error: 'a path that is not empty' })
  .refine((name) => !name.includes('\0'), { error: 'a path without null characters' })
  .transform(expandHome);
/** The part of a file's name; a bare number, such as YAML makes of `5`, is as good as its text. */
const identifier = z
  .union([z.string(), z.int()], { error: 'a name' })
  .transform(String)
  .refine((name) => /^[^/\\\0]+$/.test(name), { error: 'a name without slashes' });
const oneOf = <const Name extends string>(names: readonly Name[]) => z.enum(names as [Name, ...Name[]]);
const mapping = (keys: readonly string[]) => `a mapping with ${keys.join(', ')}`;
const section = <Shape extends z.core.$ZodLooseShape>(shape: Shape) =>
  z.strictObject(shape, { error: mapping(Object.keys(shape).slice(0, 3)) });

const dataset = section({
  name: oneOf<DatasetName>(namesOf(datasetTraits)),
  raw_data_directory_name: path.nullable().default(null),
  data_directory_name: path.nullable().default(null),
  version: text,
  source_embeddings_id: identifier.nullable().optional(),
  different_splits: boolean.optional(),
  num_neighbors_per_instance: integer(0, 1e6).optional(),
  batch_size: integer(1, 1e7),
  num_training_triplets: integer(1, 1e9).optional(),
  contradictions: oneOf(['original', 'meant']).optional(),
  num_items: integer(3).optional(),
  num_triplets: integer(1).optional(),
  answers_per_question: integer(1).optional(),
  directed: boolean.optional(),
  temperature: positive.optional(),
  data_seed: integer(0).optional(),
});

const preprocessing = section({
  name: oneOf(preprocessingNames),
  image_size: integer(1, 10_000).nullable().optional(),
  on_bad_image: oneOf(['fail', 'skip']).optional(),
});

const network = {
  name: oneOf(modelNames),
  frozen_variables: oneOf(['bn', 'all']).nullable().optional(),
  weights: text.optional(),
  num_nonlinearity_layers: integer(0, 100).optional(),
  activation_fn: oneOf(['relu']).optional(),
  beta: notNegative.optional(),
  embedding_size: integer(1, 65_536),
  use_normalization: z.literal(true, { error: 'true: the network always normalises' }).optional(),
};
/** What a model URI may say of its network. */
export const networkSchema = section(network);

const model = section({
  ...network,
  train_regularization: boolean.optional(),
  loss_type: oneOf<LossType>(namesOf(lossTraits)),
  triplet_weight_type: oneOf([
    'from_source_pairs',
    'from_source_pairs2',
    'from_source_triplets',
    'from_source_triplets2',
  ]).optional(),
  margin: number.optional(),
  margin2: number.optional(),
  margin_positive: number.optional(),
  margin_negative: number.optional(),
  teacher_margin: number.optional(),
  tau: positive.optional(),
  mu: positive.optional(),
  alpha: positive.optional(),
  semihard_loss_threshold: number.optional(),
  batch_mining: oneOf(['relaxed_sampling_matters']).nullable().optional(),
  exact_log_softmax: boolean.optional(),
  metric_mode: oneOf<MetricMode>(metricNames.flatMap((name): MetricMode[] => [`${name}/max`, `${name}/min`])),
});

const optimization = section({
  optimizer_type: oneOf(optimizerTypes),
  initial_learning_rate: notNegative,
  weight_decay: notNegative,
  evaluate_globally: boolean,
  num_training_epochs: integer(1, 1e6),
  num_batches_per_epoch: integer(1, 1e8).optional(),
  micro_batch_size: integer(1, 1e7).optional(),
});

const run = section({ output_directory_name: path, id: integer(0, 1e9), draw: integer(0, 1e9).optional() });

const common = {
  use_gpu: boolean,
  engine: oneOf(engineNames).default('auto'),
  precision: oneOf(precisions).optional(),
  seed: integer(0).default(0),
};
const arguments_ = {
  subset_name: oneOf(['training', 'validation', 'test', 'all']).optional(),
  evaluation_type: oneOf(['triplets', 'classes']).optional(),
  model_uri: text.optional(),
  model_uris: text.optional(),
  embeddings: path.optional(),
  output_directory_name: path.optional(),
  new_source_embeddings_id: identifier.optional(),
};

/** A configuration that trains; parsing fills in the defaults and puts the keys in this order. */
export const trainingSchema = section({
  run,
  dataset,
  preprocessing,
  model,
  optimization,
  ...common,
  num_processes: integer(1, 1024).optional(),
  num_repetitions: integer(1, 1000).default(1),
  offset_for_repetition: integer(1, 1e9).default(1),
  ...arguments_,
}) satisfies z.ZodType<TrainingConfiguration>;

/** A configuration that only evaluates: no `run`, `model` and `optimization`; a GPU is used where there is one. */
export const evaluationSchema = section({
  dataset,
  preprocessing,
  ...common,
  use_gpu: boolean.default(true),
  ...arguments_,
}) satisfies z.ZodType<EvaluationConfiguration>;

/** The keys of every section and, under the empty name, of the top level. */
export function keysOf(schema: typeof trainingSchema | typeof evaluationSchema): Record<string, readonly string[]> {
  const sections: Record<string, readonly string[]> = { '': Object.keys(schema.shape) };
  for (const [name, value] of Object.entries(schema.shape))
    if (value instanceof z.ZodObject) sections[name] = Object.keys(value.shape);
  return sections;
}
