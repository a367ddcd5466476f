import { studentRow } from './student-row.js';
import { tripletSets, type Table, type TableRow, type TripletSet } from './table.js';
import { firstTeachers, teachersOf, yummlyVersion } from './teachers-of.js';

const hundreds: Readonly<Record<TripletSet, number>> = { things: 200, ihsjc: 400, yummly: 900 };

/**
 * Run numbers of the students of each number of teachers, above the data set's hundreds; no student learns from two.
 */
const students: readonly (readonly [count: number, run: number | null])[] = [
  [1, 71],
  [2, null],
  [10, 76],
  [20, 81],
  [50, 86],
];

const nameOf = (count: number): string => (count === 1 ? '1 teacher' : `${count} teachers`);

function rowOf(data: TripletSet, count: number, run: number | null): TableRow {
  const common = { data, name: nameOf(count), embeddings: firstTeachers(data, count) };
  if (run === null) return { kind: 'teachers', ...common };
  const { name, embeddings } = common;
  return studentRow(data, { name, configuration: 'rkd', embeddings, overrides: [`run.id=${hundreds[data] + run}`] });
}

/** Compares numbers of teachers: those of 1, 2, 10, 20 are the first of 50; those of 5 are others. */
export const numberOfTeachers: Table = {
  name: 'table-number-of-teachers',
  title: 'Number of teachers: students by rkd of 1 to 50 teachers',
  varied: 'teachers',
  reference: nameOf(5),
  rows: tripletSets.flatMap((data) => {
    const rows = students.map(([count, run]) => rowOf(data, count, run));
    const five = studentRow(data, { name: nameOf(5), configuration: 'rkd', embeddings: teachersOf(data, 'ste5') });
    return [...rows.slice(0, 2), five, ...rows.slice(2)];
  }),
  corrections: [
    'the original gives source_embeddings_id without the prefix dataset., so it has no effect; here students learn from the teachers that it names',
    'the original gives the runs 275 and 475 to two students each; here the students of 10 teachers are the runs 276 and 476',
    'the original evaluates only some students; here all are evaluated. No student learns from the embeddings of 2 teachers',
    yummlyVersion,
  ],
};
