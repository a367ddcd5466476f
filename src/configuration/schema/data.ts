import { datasets, type DatasetName } from '../../catalogue/datasets.js';
import { namesOf } from '../../catalogue/names.js';
import { preprocessings } from '../../catalogue/preprocessings.js';
import { samplers } from '../../catalogue/samplers.js';
import { boolean, identifier, integer, nameIn, oneOf, path, positive, section, text } from '../../catalogue/values.js';

/** The `dataset` section. */
export const dataset = section({
  name: nameIn<DatasetName>(datasets).meta({
    description: "The data set, and what it gives: `TInd` triplets of items, `TImg` triplets of pictures, `SE` teachers' embeddings, `SEC` classes.", // prettier-ignore
  }),
  raw_data_directory_name: path
    .nullable()
    .default(null)
    .meta({ description: 'Folder of the pictures and labels. The synthetic sets have none.' }),
  data_directory_name: path
    .nullable()
    .default(null)
    .meta({ description: "Folder of the teachers' embeddings, `embeddings_<source_embeddings_id>.npz`." }),
  version: text.meta({
    description: 'The kind of split, such as `psycho` for teachers. In sets with several splits, `~SEED` after it chooses one, as in `psycho~3`.', // prettier-ignore
  }),
  source_embeddings_id: identifier
    .nullable()
    .optional()
    .meta({ description: "Which teachers' embeddings are read.", otherwise: 'none' }),
  different_splits: boolean.optional().meta({
    description: 'Repetition i trains on the split `version~i` and, where embeddings are read, on `source_embeddings_id~i`.', // prettier-ignore
    otherwise: 'false',
    applies: 'sets with several splits',
  }),
  num_neighbors_per_instance: integer(0, 1e6)
    .optional()
    .meta({ description: 'A batch has this many pictures of each class, plus one.', otherwise: 'must be given' }),
  batch_size: integer(1, 1e7).meta({
    description: 'Items of a batch. A triplet takes three, so triplets need a multiple of 3.',
  }),
  sampler: nameIn<string>(samplers).optional().meta({
    description: 'A sampler of your own, by its registered name, which makes the batches of training.',
    otherwise: 'the sampler of the data set',
  }),
  num_training_triplets: integer(1, 1e9).optional().meta({
    description: 'Training uses only this many triplets, the first ones after they are shuffled.',
    otherwise: 'all',
  }),
  contradictions: oneOf(['original', 'meant']).optional().meta({
    description: 'Which groups of triplets that contradict each other are dropped: those that the original code drops, or those that it meant to.', // prettier-ignore
    otherwise: 'original',
  }),
  num_items: integer(3).optional().meta({ description: 'How many items are drawn.', otherwise: '120' }),
  num_triplets: integer(1)
    .optional()
    .meta({ description: 'How many triplets are drawn, for all subsets together.', otherwise: '30000' }),
  answers_per_question: integer(1).optional().meta({
    description: 'Answers to each question, each of them a triplet. With two or more the ceiling can be estimated from them.', // prettier-ignore
    otherwise: '1',
  }),
  directed: boolean.optional().meta({
    description: 'True: the first item of a triplet is its anchor. False: the last one is the odd one out.',
    otherwise: 'false of synthetic sets, true of custom ones',
  }),
  temperature: positive
    .optional()
    .meta({ description: 'Noise of the answers, in units of distance between factors.', otherwise: '0.1' }),
  data_seed: integer(0)
    .optional()
    .meta({ description: 'The seed from which items and triplets are drawn.', otherwise: '0' }),
});

/** The `preprocessing` section. */
export const preprocessing = section({
  name: oneOf(namesOf(preprocessings)).meta({
    description: 'What is done to the pictures; `IndexRemapPreprocessing` for triplets of items.',
  }),
  image_size: integer(1, 10_000).nullable().optional().meta({
    description: 'Side of the square pictures in pixels.',
    otherwise: '227, 224 and 64 of the ResNet, ViT and Small preprocessing',
    applies: 'pictures; always 224 for ViTs',
  }),
  on_bad_image: oneOf(['fail', 'skip']).optional().meta({
    description: 'A picture that cannot be read ends the run, or is left out and counted.',
    otherwise: 'fail',
    applies: 'pictures',
  }),
});
