import type { NetworkRow, RepeatedTraining, Table, TableRow } from '../tables/index.js';
import type { Profile } from './profile.js';

const REPETITIONS = 3;

const isClasses = ({ data }: TableRow): boolean => data === 'cub' || data === 'cars' || data === 'sop';
const isDirect = ({ kind, embeddings }: TableRow): boolean => kind === 'networks' && embeddings.length === 0;

const add = ({ configuration, overrides }: RepeatedTraining, ...further: string[]): RepeatedTraining => ({
  configuration,
  overrides: [...overrides, ...further],
});

const isResNet = ({ configuration }: RepeatedTraining): boolean => !/_(vit|vits|inc)\.yaml$/.test(configuration);
const kerasWeights = 'model.weights=resnet50-keras';

/** Replaces all splits of Yummly by several networks on split 0. */
function firstSplit(row: NetworkRow): NetworkRow {
  const { training } = row;
  const version = isDirect(row) ? 'direct~0' : 'source_embedding~0';
  const shorter = isDirect(row)
    ? ['optimization.num_training_epochs=1', 'dataset.num_training_triplets=200']
    : ['optimization.num_training_epochs=4', 'optimization.initial_learning_rate=0.00001'];
  return {
    ...row,
    embeddings: row.embeddings.slice(0, 1),
    training: add(
      training,
      `num_repetitions=${REPETITIONS}`,
      'dataset.different_splits=false',
      `dataset.version=${version}`,
      ...(isResNet(training) ? [kerasWeights] : []),
      ...shorter,
    ),
  };
}

function shortClasses(row: NetworkRow): NetworkRow {
  const overrides = [
    'preprocessing.name=ResNetImagePreprocessing',
    'model.name=ResNet50',
    'model.frozen_variables=bn',
    'model.embedding_size=128',
    kerasWeights,
    'optimization.num_training_epochs=1',
    'optimization.num_batches_per_epoch=3',
  ];
  return { ...row, training: add(row.training, ...overrides) };
}

function notesOf(table: Table): string[] {
  const rows = table.rows.filter((row) => rowOf(row) !== undefined);
  const networks = rows.filter((row): row is NetworkRow => row.kind === 'networks');
  if (rows.some(isClasses))
    return [
      'CUB alone, one run of each loss',
      'ResNet-50 with ImageNet weights of Keras and 128 dimensions instead of ViT-S/16 with 384, pictures as for ResNet-50',
      '1 epoch of 3 batches instead of 100 epochs of all',
    ];
  const data = rows.some((row) => row.data === 'things') ? 'THINGS, and split 0 of Yummly' : 'Yummly alone, split 0';
  const students = networks.filter((row) => !isDirect(row));
  return [
    `${data}; IHSJ is left out`,
    ...(rows.some(({ embeddings }) => embeddings.length > 0) ? ['teachers as configured, all of a split'] : []),
    ...(networks.length > 0 ? [`${REPETITIONS} networks on one split instead of one on each of five`] : []),
    ...(networks.some(({ training }) => isResNet(training))
      ? ['ResNet-50 starts from ImageNet weights of Keras instead of torchvision']
      : []),
    ...(students.length > 0 ? ['students: 4 epochs at learning rate 1e-5 instead of 100 at 1e-6'] : []),
    ...(networks.some(isDirect) ? ['direct route: 1 epoch of 200 triplets instead of 10 of all'] : []),
  ];
}

function rowOf(row: TableRow): TableRow | undefined {
  if (row.data === 'cub' && row.kind === 'networks') return shortClasses(row);
  if (row.kind === 'networks') return row.data === 'yummly' ? firstSplit(row) : undefined;
  if (row.data === 'yummly') return { ...row, embeddings: row.embeddings.slice(0, 1) };
  return row.data === 'things' && row.embeddings.every(({ first }) => first === undefined) ? row : undefined;
}

/** The profile for two cores: teachers as configured, students shortened. */
export const laptop: Profile = {
  name: 'laptop',
  description: 'for a few cores: teachers as configured, networks on split 0 of Yummly (or CUB) and shortened',
  notes: notesOf,
  row: rowOf,
};
