import { join } from 'node:path';
import type { DataSet, NetworkRow, SplitEmbeddings, RepeatedTraining, TableRow } from '../tables/index.js';
import { drawClasses } from './synthetic-classes.js';
import type { Profile } from './profile.js';

const REPETITIONS = 2;
const FOLDER = join('data', 'drawn-classes');

/** How the replacement of each set is drawn: with the kind of question of the real set, and its own items. */
const drawn: Partial<Record<DataSet, { readonly directed: boolean; readonly seed: number }>> = {
  things: { directed: false, seed: 0 },
  ihsjc: { directed: true, seed: 1 },
  yummly: { directed: true, seed: 2 },
};

const isTransformer = ({ configuration }: RepeatedTraining): boolean => /_vits?\.yaml$/.test(configuration);

/** Returns the overrides for a configuration on a drawn set. */
function onDrawn(data: DataSet, kind: 'TInd' | 'TImg' | 'SE', triplets: number): string[] {
  const set = drawn[data];
  if (set === undefined) return ['dataset.name=CustomClassesSEC'];
  return [
    `dataset.name=Synthetic${kind}`,
    'dataset.raw_data_directory_name=',
    'dataset.num_items=30',
    `dataset.num_triplets=${triplets}`,
    `dataset.directed=${set.directed}`,
    `dataset.data_seed=${set.seed}`,
  ];
}

const pictures = ['preprocessing.name=SmallImagePreprocessing', 'preprocessing.image_size=16'];

function smallTeachers(data: DataSet, { teachers, ...rest }: SplitEmbeddings): SplitEmbeddings {
  const { configuration, overrides } = teachers;
  const small = ['dataset.batch_size=60', 'optimization.num_training_epochs=3'];
  return { ...rest, teachers: { configuration, overrides: [...overrides, ...onDrawn(data, 'TInd', 900), ...small] } };
}

function smallNetwork({ data, training, embeddings }: NetworkRow): RepeatedTraining {
  const { configuration, overrides } = training;
  const kind = drawn[data] === undefined ? 'classes' : embeddings.length > 0 ? 'students' : 'direct';
  const own = {
    classes: ['dataset.batch_size=8', 'optimization.num_training_epochs=2'],
    students: ['dataset.batch_size=7', `num_repetitions=${REPETITIONS}`],
    direct: ['dataset.batch_size=60', 'optimization.num_batches_per_epoch=2'],
  };
  const several = overrides.some((override) => override.startsWith('num_repetitions='));
  return {
    configuration,
    overrides: [
      ...overrides,
      ...onDrawn(data, kind === 'direct' ? 'TImg' : 'SE', 900),
      ...pictures,
      `model.name=${isTransformer(training) ? 'SmallViT' : 'SmallResNet'}`,
      'model.frozen_variables=',
      'model.embedding_size=8',
      'optimization.num_training_epochs=1',
      'optimization.initial_learning_rate=0.001',
      ...own[kind],
      ...(several ? [`num_repetitions=${REPETITIONS}`] : []),
    ],
  };
}

function rowOf(row: TableRow): TableRow {
  const embeddings = row.embeddings.slice(0, REPETITIONS).map((one) => smallTeachers(row.data, one));
  if (row.kind === 'teachers') return { ...row, embeddings };
  const { configuration, overrides } = row.evaluation;
  return {
    ...row,
    embeddings,
    training: smallNetwork(row),
    evaluation: { configuration, overrides: [...overrides, ...onDrawn(row.data, 'TImg', 9000), ...pictures] },
  };
}

/** The profile that runs a table in seconds to test that everything works: its numbers mean nothing. */
export const smoke: Profile = {
  name: 'smoke',
  description: 'seconds, for tests: drawn pictures and answers, tiny networks; its numbers mean nothing',
  notes: () => [
    'a trial of the machinery: pictures and answers are drawn by code, and the numbers mean nothing',
    'SmallResNet and SmallViT from random weights in place of the networks, pictures of 16 x 16',
    'teachers: 3 epochs; networks: an epoch, of classes two, 2 repetitions; 2 splits instead of 5',
  ],
  row: rowOf,
  dataFolder: ({ data }) => (drawn[data] === undefined ? FOLDER : undefined),
  prepare: (folder) => drawClasses(join(folder, FOLDER)),
};
