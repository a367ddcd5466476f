import test from 'ava';
import { loadTrainingConfiguration } from '../../src/configuration/load.js';
import { makeTripletDataset, tripletCeiling } from '../../src/datasets/index.js';
import { collectTable, tableFormats } from '../../src/experiments/index.js';
import { doOnce } from '../../src/experiments/jobs/do-once.js';
import { resolveTable } from '../../src/experiments/jobs/resolve-table.js';
import { smoke } from '../../src/experiments/table-profiles/smoke.js';
import { findTable, type TableRow } from '../../src/experiments/tables/index.js';
import { folderOf } from '../datasets/folders.js';

/** The drawn teachers' triplets, each question answered so often. */
const answered =
  (times: number) =>
  (row: TableRow): TableRow | undefined => {
    const drawn = smoke.row(row);
    if (drawn?.kind !== 'teachers') return drawn;
    const more = (overrides: readonly string[]) => [
      ...overrides,
      `dataset.answers_per_question=${times}`,
      `dataset.num_triplets=${1500 * times}`,
    ];
    const embeddings = drawn.embeddings.map(({ teachers, ...rest }) => ({
      ...rest,
      teachers: { ...teachers, overrides: more(teachers.overrides) },
    }));
    return { ...drawn, embeddings };
  };

test('rows say the ceiling of the triplets that they are measured on, and nothing where it is not estimable', async (t) => {
  for (const times of [1, 4]) {
    const folder = folderOf(t);
    const profile = { ...smoke, evaluatesStarts: true, row: answered(times) };
    const table = resolveTable(findTable('teachers'), profile, { folder, rows: ['ste'] });
    const jobs = table.jobs.filter(({ kind }) => kind === 'ceiling');
    t.true(jobs.length >= 3);
    for (const job of jobs) t.deepEqual(await doOnce(job, folder), { end: 'done' });
    const collected = collectTable(table);
    for (const [i, { data, ceiling }] of collected.rows.entries()) {
      const { teachers } = table.rows[i].row.embeddings[0];
      const { dataset } = loadTrainingConfiguration(teachers.configuration, teachers.overrides);
      if (table.rows[i].ceilings.length > 1) continue; // a mean over splits
      const { triplets, directed } = makeTripletDataset(dataset);
      t.is(ceiling, tripletCeiling(triplets.validation, directed).ceiling?.value, data);
      t.is(ceiling === undefined, times === 1, data);
    }
    t.is(/\| ceiling \|/.test(tableFormats.markdown(collected)), times > 1);
  }
});
