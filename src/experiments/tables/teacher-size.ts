import { studentRow } from './student-row.js';
import { tripletSets, type Table, type TripletSet } from './table.js';
import { teachersOf, yummlyVersion } from './teachers-of.js';

const hundreds: Readonly<Record<TripletSet, number>> = { things: 200, ihsjc: 400, yummly: 900 };

/** What larger teachers are good for. */
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
  mended: [
    'source_embeddings_id lacks the prefix dataset. and had no effect: students learn from the teachers it names',
    'students of size 1024 learn from pt_ste5_e1024; the pt_ste2_e1024 they ask for is never saved',
    'embeddings are saved with the size they have; the command lines say 128',
    'Yummly: teachers of size 1024 are trained on splits 0 to 4; the command lines say direct~0 five times',
    'all students are evaluated',
    yummlyVersion,
  ],
};
