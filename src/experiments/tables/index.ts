import { unknown } from '../../errors.js';
import { backbones } from './backbones.js';
import { classDatasets } from './class-datasets.js';
import { directRoute } from './direct-route.js';
import { distillationResnet50, distillationVit } from './distillation.js';
import { numberOfTeachers } from './number-of-teachers.js';
import type { Table } from './table.js';
import { teacherSize } from './teacher-size.js';
import { teachers } from './teachers.js';

export { tripletSets } from './table.js';
export type { DataSet, NetworkRow, SplitEmbeddings, RepeatedTraining, Table, TableRow, TeacherRow } from './table.js';

/** Every table of the experiments. */
export const tables: readonly Table[] = [
  directRoute,
  teachers,
  distillationResnet50,
  distillationVit,
  backbones,
  numberOfTeachers,
  teacherSize,
  classDatasets,
];

/**
 * Finds a table by its name, with or without `table-`.
 *
 * @throws UsageError where there is none
 */
export function findTable(name: string): Table {
  const full = name.startsWith('table-') ? name : `table-${name}`;
  const found = tables.find((table) => table.name === full);
  if (found === undefined)
    throw unknown(
      'table',
      full,
      tables.map((table) => table.name),
    );
  return found;
}
