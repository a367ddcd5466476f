import { studentRow } from './student-row.js';
import { tripletSets, type Table } from './table.js';
import { teachersOf, yummlyVersion } from './teachers-of.js';

const networks = { 'ResNet-50': 'rkd', 'BN-Inception': 'rkd_inc', 'ViT-B/16': 'rkd_vit' } as const;

/** Compares networks that learn from the same teachers with the same loss. */
export const backbones: Table = {
  name: 'table-backbones',
  title: 'Backbones: three networks for students by rkd of five teachers',
  varied: 'network',
  reference: 'ResNet-50',
  rows: tripletSets.flatMap((data) =>
    Object.entries(networks).map(([name, configuration]) =>
      studentRow(data, { name, configuration, embeddings: teachersOf(data, 'ste5') }),
    ),
  ),
  corrections: [
    'the original evaluates the students of one network; here those of every network are evaluated, each with its own preprocessing',
    yummlyVersion,
  ],
};
