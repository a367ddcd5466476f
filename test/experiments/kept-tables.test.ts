import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import test from 'ava';
import {
  collectTable,
  findings,
  findingsPage,
  loadTable,
  storedTable,
  tableFormats,
  type CollectedTable,
} from '../../src/experiments/index.js';
import { parseTableJson } from '../../src/experiments/collect/collected-json.js';
import { packageRoot } from '../../src/assets.js';
import { folderOf } from '../datasets/folders.js';

const results = join(packageRoot(), 'notebooks', 'results');
const tables = readdirSync(results).filter((name) => /^table-.*\.json$/.test(name));
const read = (file: string): string => readFileSync(join(results, file), 'utf8');

for (const file of tables) {
  const table = parseTableJson(read(file));

  test(`${file}: its means and deviations are those of its runs`, (t) => {
    for (const { name, runs, n, mean, standardDeviation } of table.rows.filter((row) => row.n > 0)) {
      const values = runs.map(({ value }) => value);
      const average = values.reduce((sum, value) => sum + value, 0) / values.length;
      const squares = values.reduce((sum, value) => sum + (value - average) ** 2, 0);
      t.is(n, values.length, name);
      t.true(Math.abs(mean! - average) < 1e-12, name);
      if (n > 1) t.true(Math.abs(standardDeviation! - Math.sqrt(squares / (n - 1))) < 1e-12, name);
    }
  });

  test(`${file}: its comparisons are made of its runs alone`, (t) => {
    const pairs = (one: CollectedTable) =>
      one.comparisons.map(({ data, first, second, n, mean, pValue }) => [data, first, second, n, mean.toFixed(12), pValue]); // prettier-ignore
    t.deepEqual(pairs(storedTable(table.table)!), pairs(table));
  });

  if (table.profile === 'small')
    test(`${file} is what the kept records come to`, (t) => {
      const collected = collectTable(loadTable(table.table, { profile: 'small', folder: folderOf(t) }));
      t.deepEqual(JSON.parse(tableFormats.json(collected)), JSON.parse(read(file)));
    });
}

test('the page of findings is what the kept tables come to', (t) => {
  t.is(readFileSync(join(results, 'README.md'), 'utf8'), findingsPage(findings()));
});
