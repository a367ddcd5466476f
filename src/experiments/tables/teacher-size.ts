import { studentRow } from './student-row.js';
import { tripletSets, type Table, type TripletSet } from './table.js';
import { teachersOf, yummlyVersion } from './teachers-of.js';

const hundreds: Readonly<Record<TripletSet, number>> = { things: 200, ihsjc: 400, yummly: 900 };

/** Compares embedding sizes of teachers. */
export const teacherSize: Table = {
  name: 'table-teacher-size',
  title: 'Size of teachers: students by rkd of five teachers of 128, 512 or 1024 dimensions',
  varied: 'size of teachers',
  reference: '128',
  rows: tripletSets.flatMap((data) => [
    studentRow(data, { name: '128', configuration: 'rkd', embeddings: teachersOf(data, 'ste5') }),
    studentRow(data, {
      name: '512',
      configuration: 'rkd',
      embeddings: teachersOf(data, 'ste5_e512'),
      overrides: [`run.id=${hundreds[data] + 91}`, 'dataset.batch_size=136'],
    }),
    studentRow(data, {
      name: '1024',
      configuration: 'rkd',
      embeddings: teachersOf(data, 'ste5_e1024'),
      overrides: [`run.id=${hundreds[data] + 96}`, 'dataset.batch_size=114'],
    }),
  ]),
  corrections: [
    'the original gives source_embeddings_id without the prefix dataset., so it has no effect; here students learn from the teachers that it names',
    'the original lets students of size 1024 learn from pt_ste2_e1024, which it never saves; here they learn from pt_ste5_e1024',
    'the original says size 128 where it saves embeddings of size 512 and 1024; here each has its own size',
    'the original trains the five Yummly teachers of size 1024 on direct~0; here they are trained on the splits 0 to 4',
    'the original evaluates only some students; here all are evaluated',
    yummlyVersion,
  ],
};
