import type { NetworkRow, RepeatedTraining, Table, TableRow } from '../tables/index.js';
import type { Profile } from './profile.js';

const add = ({ configuration, overrides }: RepeatedTraining, ...further: string[]): RepeatedTraining => ({
  configuration,
  overrides: [...overrides, ...further],
});

/**
 * Replaces every network by ViT-Ti/16, which has half the width of ViT-S/16. All rows use the same draw numbers, and so
 * the same new layers, orders and crops: their variation would hide the differences between rows.
 */
const network = [
  'run.draw=641',
  'preprocessing.name=ViTImagePreprocessing',
  'model.name=ViTTi',
  'model.weights=vit-ti16',
  'model.frozen_variables=null',
];

/**
 * Shows direct networks as many pictures as students, which see 60 pictures 100 times: 10 epochs of 10 batches of 60.
 */
const budget = ['optimization.num_batches_per_epoch=10'];

const isDirect = ({ embeddings }: NetworkRow): boolean => embeddings.length === 0;

/** Rows that are to be compared run twice on each split, since five pairs cannot show a significant difference. */
const seededTwice = new Set(['rkd', 'rkd-ordinal', 'stmr', 'ri', 'ste']);

function networkRow(row: NetworkRow): NetworkRow {
  return {
    ...row,
    training: add(row.training, ...network, ...(isDirect(row) ? budget : [])),
    ...(seededTwice.has(row.name) && { seeds: [0, 1] }),
  };
}

/** Tables that are left out: they compare networks, or repeat with ResNet-50 what another has with a transformer. */
const leftOut = new Set(['table-backbones', 'table-distillation-resnet50', 'table-class-datasets']);

function rowOf(row: TableRow): TableRow | undefined {
  // teachers train quickly on THINGS, and need none of its pictures
  if (row.data === 'things' && row.kind === 'teachers') return row;
  if (row.data !== 'yummly') return undefined;
  return row.kind === 'networks' ? networkRow(row) : row;
}

/** Says which networks ViT-Ti/16 replaces. */
function instead(networks: readonly NetworkRow[]): string[] {
  if (networks.length === 0) return [];
  const transformer = networks.some(({ training }) => training.configuration.includes('_vit'));
  return [`ViT-Ti/16 instead of ${transformer ? 'ViT-B/16' : 'ResNet-50'}`];
}

function notesOf({ name: title, rows }: Table): string[] {
  if (leftOut.has(title))
    return ['left out: it compares networks or class data sets, and this profile has ViT-Ti/16 alone'];
  const networks = rows.filter((row): row is NetworkRow => row.data === 'yummly' && row.kind === 'networks');
  const twice = networks.map(({ name }) => name).filter((name) => seededTwice.has(name));
  return [
    rows.some((row) => row.data === 'things' && row.kind === 'teachers')
      ? 'THINGS and Yummly; IHSJ is left out'
      : 'Yummly alone',
    ...instead(networks),
    ...(networks.length > 0
      ? ['networks of a pair start from the same new layer, and see the same pictures cropped alike']
      : []),
    ...(twice.length > 0
      ? [`${twice.join(', ')}: two networks on each split, with seeds 0 and 1, instead of one`]
      : []),
    ...(networks.some(isDirect)
      ? ['direct route: 10 epochs of 10 batches, 6,000 pictures, as many as a student sees, instead of all triplets']
      : []),
  ];
}

/** The profile that takes two cores a day or two: the paper's schedule and splits, with the smallest transformer. */
export const small: Profile = {
  name: 'small',
  description: "for a few cores: Yummly's five splits at the paper's schedule, with ViT-Ti/16",
  notes: notesOf,
  row: (row) => rowOf(row),
  picturesSeen: 6000,
  takesBeyondPaper: true,
  evaluatesStarts: true,
  leavesOut: ({ name }) => leftOut.has(name),
};
