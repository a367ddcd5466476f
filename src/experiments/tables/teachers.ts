import { tripletSets, type Table } from './table.js';
import { teachersOf, yummlyVersion } from './teachers-of.js';

/** Compares the losses of teachers. */
export const teachers: Table = {
  name: 'table-teachers',
  title: 'Teachers: two losses for embeddings of indexes',
  varied: 'loss',
  reference: 'ste',
  rows: [
    ...tripletSets.flatMap((data) => [
      { kind: 'teachers' as const, data, name: 'ste', embeddings: teachersOf(data, 'ste5') },
      { kind: 'teachers' as const, data, name: 'triplet', embeddings: teachersOf(data, 'trip5') },
    ]),
    { kind: 'teachers', data: 'things', name: 'ckl', embeddings: teachersOf('things', 'ckl5'), beyondPaper: true },
    { kind: 'teachers', data: 'yummly', name: 'soe', embeddings: teachersOf('yummly', 'soe5'), beyondPaper: true },
  ],
  corrections: [yummlyVersion],
};
