import test from 'ava';
import { pairedDifferences, summarizeRows, type ResultRow } from '../../src/experiments/index.js';

const row = (changes: Partial<ResultRow>): ResultRow => ({
  route: 'student',
  name: 'rkd',
  run: 'run-0001',
  model: 'SmallResNet',
  loss: 'rkd',
  seed: 0,
  epochs: 4,
  validation: { metric: 'FCT', value: 0.5, epoch: 1 },
  start: 0.25,
  value: 0.5,
  seconds: 10,
  overrides: [],
  ...changes,
});

test('mean and standard deviation over the runs of a configuration, in the order of the rows', (t) => {
  const summary = summarizeRows([
    row({ value: 0.25, start: null, overrides: ['run.id=7', 'seed=0'] }),
    row({ name: 'direct', route: 'direct', value: null, start: null, validation: null }),
    row({ value: 0.5, seconds: 20, overrides: ['run.id=8', 'seed=1', 'dataset.data_seed=1'] }),
    row({ value: 1.5, seconds: 60 }),
  ]);
  t.deepEqual(
    summary.map(({ name, runs }) => [name, runs]),
    [
      ['rkd', 3],
      ['direct', 1],
    ],
  );
  // .25, .5, 1.5: mean .75, squares .25 + .0625 + .5625
  t.is(summary[0].value!.mean, 0.75);
  t.true(Math.abs(summary[0].value!.standardDeviation - Math.sqrt(0.875 / 2)) < 1e-12);
  t.deepEqual(summary[0].start, { mean: 0.25, standardDeviation: 0 });
  t.deepEqual(summary[0].seconds.mean, 30);
  t.deepEqual([summary[1].value, summary[1].start, summary[1].validation], [null, null, null]);
  t.deepEqual(summary[1].seconds, { mean: 10, standardDeviation: 0 });
});

test('what differs in more than the run is not put together', (t) => {
  const different: Partial<ResultRow>[] = [
    {},
    { route: 'direct' },
    { name: 'other' },
    { loss: 'stmr' },
    { model: 'SmallViT' },
    { epochs: 5 },
    { overrides: ['model.tau=1'] },
  ];
  t.deepEqual(
    summarizeRows(different.map(row)).map(({ runs }) => runs),
    different.map(() => 1),
  );
  t.deepEqual(summarizeRows([]), []);
});

test('differences are taken between rows of the same seed', (t) => {
  const rows = [
    row({ seed: 2, value: 0.75 }),
    row({ seed: 0, value: 0.5 }),
    row({ seed: 5, value: 1 }),
    row({ seed: 6, value: null }),
    row({ name: 'direct', seed: 0, value: 0.25 }),
    row({ name: 'direct', seed: 6, value: 0.25 }),
    row({ name: 'direct', seed: 2, value: 1 }),
  ];
  t.deepEqual(pairedDifferences(rows, 'rkd', 'direct'), [-0.25, 0.25]);
  t.deepEqual(pairedDifferences(rows, 'rkd', 'none'), []);
});
