import { z } from 'zod';
import { engineNames, precisions } from '../catalogue/engines.js';
import { boolean, identifier, integer, oneOf, path, section, text } from '../catalogue/values.js';
import { dataset, preprocessing } from './schema/data.js';
import { model } from './schema/model.js';
import { optimization, run } from './schema/training.js';

// Every key of a configuration is declared once, with its type, its default and its meaning: here and in schema/, those
// of losses in catalogue/. The types of types.ts, the checks of validate.ts and the page configurations/README.md
// follow from this. `otherwise` says what applies where an optional key is absent, `applies` where a key has an
// effect, if not everywhere.

const common = {
  use_gpu: boolean.meta({
    description: 'Whether an engine on a GPU may compute.',
    otherwise: 'must be given; true where a configuration only evaluates',
  }),
  engine: oneOf(engineNames)
    .default('auto')
    .meta({ description: 'What computes; `auto` takes the first that works: see src/engine/README.md.' }),
  precision: oneOf(precisions).optional().meta({
    description: 'Precision of the factors of products and convolutions. Sums are float32.',
    otherwise: 'float32',
    applies: 'engines of torch',
  }),
  seed: integer(0).default(0).meta({ description: 'The seed of all random numbers of a training.' }),
};

const evaluationArguments = {
  subset_name: oneOf(['training', 'validation', 'test', 'all'])
    .optional()
    .meta({ description: 'The subset whose items are evaluated.', otherwise: 'test', applies: 'evaluate' }),
  evaluation_type: oneOf(['triplets', 'classes']).optional().meta({
    description: 'FCT of triplets, or mP@1 of classes.',
    otherwise: 'what the data set has: triplets, or else classes',
    applies: 'evaluate',
  }),
  model_uri: text
    .optional()
    .meta({ description: 'The network and its checkpoint, `Name,key:value,.../path`.', applies: 'evaluate' }),
  model_uris: text.optional().meta({
    description: 'One or more networks, written as `model_uri`; `run-0111..0115` is a range of runs.',
    applies: 'save-embeddings',
  }),
  embeddings: path.optional().meta({
    description: 'An `.npz` file of the embeddings of all items, `[items, 1, size]`, in place of a network.',
    applies: 'evaluate',
  }),
  output_directory_name: path
    .optional()
    .meta({ description: 'The folder that the embeddings are written to.', applies: 'save-embeddings' }),
  new_source_embeddings_id: identifier
    .optional()
    .meta({ description: 'The id of the file, `embeddings_<id>.npz`.', applies: 'save-embeddings' }),
};

/** A configuration for training; parsing fills in the defaults and puts the keys in this order. */
export const trainingSchema = section({
  run,
  dataset,
  preprocessing,
  model,
  optimization,
  ...common,
  num_processes: integer(1, 1024).optional().meta({
    description: 'Processes that share the pictures of a batch, one for each GPU or group of cores.',
    otherwise: '1',
    applies: 'image networks',
  }),
  num_repetitions: integer(1, 1000)
    .default(1)
    .meta({ description: 'How many runs are trained, each with its own random numbers.' }),
  offset_for_repetition: integer(1, 1e9).default(1).meta({
    description: 'The step between the numbers of runs: repetition i, from 0, is run `run.id` + i times this.',
  }),
  ...evaluationArguments,
});

/** A configuration only for evaluation: no `run`, `model` and `optimization`; a GPU is used where there is one. */
export const evaluationSchema = section({
  dataset,
  preprocessing,
  ...common,
  use_gpu: boolean.default(true),
  ...evaluationArguments,
});

/** Returns the keys of every section and, under the empty name, of the top level. */
export function keysOf(schema: typeof trainingSchema | typeof evaluationSchema): Record<string, readonly string[]> {
  const sections: Record<string, readonly string[]> = { '': Object.keys(schema.shape) };
  for (const [name, value] of Object.entries(schema.shape))
    if (value instanceof z.ZodObject) sections[name] = Object.keys(value.shape);
  return sections;
}
