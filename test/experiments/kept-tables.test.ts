import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import test from 'ava';
import {
  collectTable,
  findings,
  findingsPage,
  loadTable,
  storedTable,
  type CollectedTable,
} from '../../src/experiments/index.js';
import { packageRoot } from '../../src/assets.js';
import { folderOf } from '../datasets/folders.js';

const results = join(packageRoot(), 'notebooks', 'results');
const tables = readdirSync(results).filter((name) => /^table-.*\.json$/.test(name));
const read = (file: string): CollectedTable => JSON.parse(readFileSync(join(results, file), 'utf8')) as CollectedTable;

for (const file of tables) {
  const table = read(file);

  test(`${file}: its means and deviations are those of its runs`, (t) => {
    for (const { name, runs, n, mean, deviation } of table.rows.filter((row) => row.n > 0)) {
      const values = runs.map(({ value }) => value);
      const average = values.reduce((sum, value) => sum + value, 0) / values.length;
      const squares = values.reduce((sum, value) => sum + (value - average) ** 2, 0);
      t.is(n, values.length, name);
      t.true(Math.abs(mean! - average) < 1e-12, name);
      if (n > 1) t.true(Math.abs(deviation! - Math.sqrt(squares / (n - 1))) < 1e-12, name);
    }
  });

  test(`${file}: its comparisons are made of its runs alone`, (t) => {
    const pairs = (one: CollectedTable) =>
      one.comparisons.map(({ data, first, second, n, mean, probability }) => [data, first, second, n, mean.toFixed(12), probability]); // prettier-ignore
    t.deepEqual(pairs(storedTable(table.table)!), pairs(table));
  });

  if (table.profile === 'small')
    test(`${file} is what the kept records come to`, (t) => {
      const collected = collectTable(loadTable(table.table, { profile: 'small', folder: folderOf(t) }));
      t.deepEqual(JSON.parse(JSON.stringify(collected)), table);
    });
}

test('the page of findings is what the kept tables come to', (t) => {
  t.is(readFileSync(join(results, 'README.md'), 'utf8'), findingsPage(findings()));
});
