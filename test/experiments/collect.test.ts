import test from 'ava';
import { rmSync, writeFileSync } from 'node:fs';
import { parse } from 'csv-parse/sync';
import { join } from 'node:path';
import {
  comparableRows,
  loadPublished,
  tableFormats,
  tableFrames,
  withReference,
  type CollectedRow,
  type CollectedTable,
} from '../../src/experiments/index.js';
import { parseTableJson } from '../../src/experiments/collect/collected-json.js';
import { bootstrapInterval } from '../../src/statistics/bootstrap.js';
import { compareRows } from '../../src/experiments/collect/collect.js';
import { signFlipPValue } from '../../src/statistics/permutation-test.js';
import { RandomStream } from '../../src/random/stream.js';
import { temporaryFolder } from '../command-line.js';

const stream = () => new RandomStream(0, 'test');

function row(
  name: string,
  values: readonly (readonly [version: string, repetition: number, value: number])[],
): CollectedRow {
  return {
    data: 'yummly',
    name,
    metric: 'FCT, test',
    over: '10 triplets',
    wanted: values.length,
    n: values.length,
    mean: values.reduce((sum, [, , value]) => sum + value, 0) / values.length,
    standardDeviation: null,
    interval: null,
    seconds: 1,
    teachers: null,
    published: null,
    runs: values.map(([version, repetition, value]) => ({
      run: 'run-0001',
      key: 'abc',
      version,
      repetition,
      seed: 0,
      value,
      seconds: 1,
      engine: 'wasm',
      machine: 'A, 2 cores',
    })),
  };
}

test('the bootstrap interval is that of a naive resampling, holds the mean and is short where values agree', (t) => {
  const values = [0.1, 0.4, 0.2, 0.9, 0.5];
  const draws = stream();
  const means = Array.from({ length: 10_000 }, () => {
    const sample = values.map(() => values[draws.integer(5)]);
    return sample.reduce((sum, value) => sum + value, 0) / 5;
  }).sort((a, b) => a - b);
  const { low, high } = bootstrapInterval(values, stream())!;
  // numpy's linear rule at 249.975 and 9749.025
  t.true(Math.abs(low - (means[249] + 0.975 * (means[250] - means[249]))) < 1e-12);
  t.true(Math.abs(high - (means[9749] + 0.025 * (means[9750] - means[9749]))) < 1e-12);
  t.true(low < 0.42 && 0.42 < high);
  t.deepEqual(bootstrapInterval([0.5, 0.5, 0.5], stream()), { low: 0.5, high: 0.5 });
  t.is(bootstrapInterval([0.5], stream()), null);
});

test('the bootstrap interval covers the mean of normal values about as often as it says', (t) => {
  const draws = new RandomStream(1, 'coverage');
  let covered = 0;
  for (let trial = 0; trial < 60; trial++) {
    const values = Array.from({ length: 30 }, () => draws.normal());
    const { low, high } = bootstrapInterval(values, new RandomStream(trial, 'bootstrap'))!;
    covered += Number(low < 0 && 0 < high);
  }
  t.true(covered >= 50 && covered <= 60, `${covered} of 60`);
});

test('the paired sign-flip permutation test counts all choices of signs', (t) => {
  t.is(signFlipPValue([1, 2, 3]), 2 / 8); // only all the one way or the other come to 6
  t.is(signFlipPValue([1, -1]), 1);
  t.is(signFlipPValue([3, -1]), 1); // sums 2, 4, -4, -2
  t.is(signFlipPValue([1, 1, 1, 1, 1]), 1 / 16);
  t.is(signFlipPValue([0.1, 0.2, -0.3]), 1);
  t.is(signFlipPValue([]), null);
});

test('rows are compared over runs of equal version, repetition and seed', (t) => {
  const [found, ...others] = compareRows(
    [
      row('a', [['v~0', 0, 0.5], ['v~1', 0, 0.75], ['v~2', 0, 1], ['v~2', 1, 0]]),
      row('b', [['v~1', 0, 0.25], ['v~2', 0, 1.5], ['v~0', 1, 9], ['v~0', 0, 0.25]]),
    ],
    'table',
  ); // prettier-ignore
  t.deepEqual(others, []);
  const differences = [0.25, 0.5, -0.5];
  const mean = 0.25 / 3;
  t.like(found, { data: 'yummly', first: 'a', second: 'b', n: 3, higher: 2 });
  t.true(Math.abs(found.mean - mean) < 1e-12);
  const deviation = Math.sqrt(differences.reduce((sum, d) => sum + (d - mean) ** 2, 0) / 2);
  t.true(Math.abs(found.standardDeviation! - deviation) < 1e-12);
  t.is(found.pValue, 1); // the sum is .25, and no signs come nearer to 0
  t.true(found.interval!.low >= -0.5 && found.interval!.high <= 0.5);
});

test('equal values count for neither side, whichever row is the reference', (t) => {
  const values = (of: readonly number[]) => of.map((value, i) => [`v~${i}`, 0, value] as const);
  const rows = [row('a', values([0.5, 0.5, 0.5, 0.6, 0.6])), row('b', values([0.5, 0.5, 0.51, 0.59, 0.58]))];
  const comparisons = compareRows(rows, 'table');
  const sides = (reference: string) =>
    withReference({ ...table, reference, comparisons }).map(({ first, higher, lower }) => [first, higher, lower]);
  t.deepEqual(sides('b'), [['a', 2, 1]]);
  t.deepEqual(sides('a'), [['b', 1, 2]]);
});

const table: CollectedTable = {
  format: 1,
  table: 'table-odd',
  title: 'Odd | names & 100 % of_them',
  profile: 'smoke',
  varied: 'loss',
  reference: 'b|"c',
  deviations: ['fewer #s, {all} ~ of \\them'],
  corrections: [],
  data: [],
  engines: ['wasm'],
  machines: ['A, 2 cores'],
  rows: [{ ...row('a_1, $x^2$', [['v', 0, 0.5]]), published: 0.25 }, row('b|"c', [['v', 0, 0.125]])],
  comparisons: [],
};

test('CSV is read back by a parser, numbers in full', (t) => {
  const [first, second] = parse(tableFormats.csv(table), { columns: true }) as Record<string, string>[];
  t.is(first['loss'], 'a_1, $x^2$');
  t.is(second['loss'], 'b|"c');
  t.deepEqual([first['mean'], second['mean'], first['published'], second['published']], ['0.5', '0.125', '0.25', '']);
  t.is(first['sd'], '');
});

test('Markdown keeps its columns, whatever names hold', (t) => {
  const lines = tableFormats.markdown(table).split('\n');
  const rows = lines.filter((line) => line.startsWith('|'));
  // bars that are not escaped: one more than columns
  const bars = rows.map((line) => line.replace(/\\./g, '').split('|').length - 1);
  t.is(new Set(bars).size, 1);
  t.true(rows.some((line) => line.includes('a\\_1, $x^2$') && line.includes('0.5000')));
  t.true(lines[0].startsWith('### Odd \\| names \\& 100 % of\\_them'));
});

test('LaTeX has nothing special left but its own commands', (t) => {
  const text = tableFormats.latex(table);
  t.true(text.includes('a\\_1, \\$x\\textasciicircum{}2\\$ & '));
  t.true(text.includes('b\\textbar{}"c'));
  t.true(text.includes('fewer \\#s, \\{all\\} \\textasciitilde{} of \\textbackslash{}them'));
  t.true(text.includes('100 \\% of\\_them'));
  const cells = text.split('\n').filter((line) => line.endsWith('\\\\'));
  t.is(new Set(cells.map((line) => line.replace(/\\&/g, '').split('&').length)).size, 1);
  // braces balance once the escaped ones are gone
  const braces = text.replace(/\\[{}]/g, '');
  t.is(braces.split('{').length, braces.split('}').length);
});

test('JSON holds all of it', (t) => {
  t.deepEqual(parseTableJson(tableFormats.json(table)), table);
});

test('a danfojs frame has the rows, empty cells as NaN', async (t) => {
  const { rows } = await tableFrames(table);
  t.deepEqual(rows.shape[0], 2);
  const column = rows['published'] as unknown as { values: number[] };
  t.deepEqual(column.values, [0.25, NaN]);
});

test('published values are of rows that there are', (t) => {
  const folder = temporaryFolder();
  const file = join(folder, 'published.yaml');
  const write = (text: string) => {
    writeFileSync(file, text);
    return () => loadPublished(file);
  };
  t.deepEqual(write('table-teachers:\n  things, ste: 0.5\n')(), { 'table-teachers': { 'things, ste': 0.5 } });
  t.throws(write('table-teacher: {}'), {
    message: /unknown table in .*: table-teacher; did you mean table-teachers\?/,
  });
  t.throws(write('table-teachers: {"things, sta": 1}'), { message: /did you mean things, ste\?/ });
  t.throws(write('table-teachers: {"things, ste": high}'), { message: /invalid published values/ });
  t.throws(() => loadPublished(join(folder, 'none.yaml')), { message: /^missing file/ });
  rmSync(folder, { recursive: true });
});

test('rows stand in one figure by data set and metric; a lone metric beside others is left out', (t) => {
  const of = (data: string, metric: string, name: string, n = 1) => ({ data, metric, name, n }) as CollectedRow;
  const groups = comparableRows([
    of('a', 'FCT, test', '1'),
    of('a', 'FCT, validation', '2'),
    of('b', 'FCT, test', '3'),
    of('a', 'FCT, test', '4'),
    of('b', 'FCT, test', 'none', 0),
  ]);
  const names = groups.map(({ data, metric, rows }) => [data, metric, ...rows.map((one) => one.name)]);
  t.deepEqual(names, [
    ['a', 'FCT, test', '1', '4'],
    ['b', 'FCT, test', '3'],
  ]);
});
