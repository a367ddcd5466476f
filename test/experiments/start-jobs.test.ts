import test from 'ava';
import { rmSync } from 'node:fs';
import { embedAtStart, evaluateBy } from '../../src/evaluation/index.js';
import { collectTable, runTable } from '../../src/experiments/index.js';
import { rowCells } from '../../src/experiments/collect/columns.js';
import { resolveTable } from '../../src/experiments/jobs/resolve-table.js';
import { smoke } from '../../src/experiments/table-profiles/smoke.js';
import { findTable } from '../../src/experiments/tables/index.js';
import { temporaryFolder } from '../command-line.js';

test('a table tells what its networks were before their training', async (t) => {
  const folder = temporaryFolder();
  const table = resolveTable(
    findTable('class-datasets'),
    { ...smoke, evaluatesStarts: true },
    { folder, rows: ['rkd'] },
  );
  const { done, all } = await runTable(table);
  t.is(done, all);
  const { rows } = collectTable(table);
  for (const [i, { networks }] of table.rows.entries())
    for (const [k, { training, evaluation }] of networks.entries()) {
      const [run] = training.runs;
      const found = rows[i].runs[k];
      for (const [part, value] of [
        ['all', found.start],
        ['features', found.features],
      ] as const) {
        const direct = await evaluateBy(evaluation.evaluation, (dataset, items) =>
          embedAtStart(run, dataset, { items, part }),
        );
        t.is(value, direct.value, part);
      }
    }
  const [cells] = rowCells(collectTable(table));
  t.is(typeof cells['start'], 'number');
  rmSync(folder, { recursive: true });
});
