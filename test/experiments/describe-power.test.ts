import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import test from 'ava';
import { describeTable, loadTable, type CollectedTable } from '../../src/experiments/index.js';
import { packageRoot } from '../../src/assets.js';
import { folderOf } from '../datasets/folders.js';

test('what a table can tell is said before it is run: by its pairs, and by the spread of runs that are kept', (t) => {
  const resolved = loadTable('direct-route', { profile: 'laptop', folder: folderOf(t), kept: false });
  const text = describeTable(resolved);
  t.regex(
    text,
    /power on yummly: 4 comparisons with ste, over runs of equal split and seed\n  3 pairs \(dm, trip, cont, ms\): p by Holm/,
  );
  // 4 comparisons, all signs alike 2 / 2^3: more than 1 by Holm; 2^-7 is the first with 4 x 2 x 2^-n <= .05
  t.regex(text, /p by Holm is 1\.0000 at least, no difference can be significant at \.05 \(with 8 pairs one can\)/);
  t.regex(
    text,
    /spread of differences: not known before runs are there|spread of differences: \.\d{4} \(\d+ earlier pairs, profile \w+\)/,
  );
});

test('the spread is pooled from the differences of kept runs', (t) => {
  const file = join(packageRoot(), 'notebooks', 'results', 'table-distillation-resnet50.json');
  const stored = JSON.parse(readFileSync(file, 'utf8')) as CollectedTable;
  const valuesOf = (name: string) => stored.rows.find((row) => row.name === name)!.runs.map(({ value }) => value);
  const reference = valuesOf('rkd');
  let [squares, degrees] = [0, 0];
  for (const { name } of stored.rows.filter(({ name }) => name !== 'rkd')) {
    const differences = valuesOf(name).map((value, i) => value - reference[i]);
    const mean = differences.reduce((sum, d) => sum + d, 0) / differences.length;
    for (const d of differences) squares += (d - mean) ** 2;
    degrees += differences.length - 1;
  }
  const resolved = loadTable('distillation-resnet50', { profile: 'laptop', folder: folderOf(t), kept: false });
  const expected = Math.sqrt(squares / degrees)
    .toFixed(4)
    .slice(1);
  t.true(describeTable(resolved).includes(`spread of differences: ${expected} (`), expected);
});
