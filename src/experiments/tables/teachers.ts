import { tripletSets, type Table } from './table.js';
import { teachersOf, yummlyVersion } from './teachers-of.js';

/** Which loss trains the better teachers. */
export const teachers: Table = {
  name: 'table-teachers',
  title: 'Teachers: two losses for embeddings of indexes',
  varied: 'loss',
  reference: 'ste',
  rows: tripletSets.flatMap((data) => [
    { kind: 'teachers' as const, data, name: 'ste', embeddings: teachersOf(data, 'ste5') },
    { kind: 'teachers' as const, data, name: 'triplet', embeddings: teachersOf(data, 'trip5') },
  ]),
  mended: [yummlyVersion],
};
