import test from 'ava';
import { fewTriplets, metricWords } from '../../src/catalogue/metric-words.js';
import { formatResults, type Results, type ResultRow } from '../../src/experiments/index.js';
import { missingIntervals, withoutShortIntervals } from '../../src/experiments/collect/columns.js';

const row: ResultRow = {
  route: 'teacher',
  name: 'ste',
  run: 'run-0001',
  model: 'Psycho',
  loss: 'ste',
  seed: 0,
  epochs: 3,
  validation: { metric: 'FCT', value: 0.75, epoch: 2 },
  validationTriplets: 57,
  start: null,
  value: 0.5,
  seconds: 1,
  overrides: [],
};
const results = (count: string): Results => ({
  format: 1,
  plan: 'p',
  metric: 'FCT',
  subset: 'test',
  count,
  notes: [],
  rows: [row],
});

test('results say how many triplets they stand on, and warn below 100', (t) => {
  const few = formatResults(results('25 triplets')).split('\n');
  t.is(few[0], 'fraction of correct triplets (FCT), test: over 25 triplets');
  t.is(few[1], "validation: over 57 triplets, of students the teachers' relations");
  // two standard deviations of 25 fair coins are 5 of 25
  t.regex(few[2], /^only 25 test triplets: chance alone moves FCT by 0\.20 or more/);
  t.false(formatResults(results('100 triplets')).includes('only'));
  t.regex(formatResults(results('100, 99 triplets')), /^only 99 test triplets/m);
  const open = formatResults({ ...results('1 triplets'), metric: null, subset: null, count: null });
  t.regex(open, /^fraction of correct triplets \(FCT\), validation: over 57 triplets/);
});

test('one triplet and none are words, too', (t) => {
  t.regex(fewTriplets(1, 'test')!, /^only 1 test triplet: chance alone moves FCT by 1\.00/);
  t.regex(fewTriplets(0, 'test')!, /^only 0 test triplets: .* 1\.00/);
  t.is(fewTriplets(100, 'test'), undefined);
  t.is(metricWords('recall'), 'recall');
});

test('intervals from fewer than five runs are left out, with the reason', (t) => {
  const cells = (runs: number) => ({ runs, mean: 0.5, 'low 95 %': 0.4, 'high 95 %': 0.6 });
  const [four, five] = withoutShortIntervals([cells(4), cells(5)]);
  t.deepEqual(four, { runs: 4, mean: 0.5, 'low 95 %': '-', 'high 95 %': '-' });
  t.deepEqual(five, cells(5));
  t.is(missingIntervals([five]), undefined);
  t.is(missingIntervals([four, five]), '-: no interval from fewer than 5 runs');
  t.deepEqual(withoutShortIntervals([cells(4)], null)[0], { runs: 4, mean: 0.5, 'low 95 %': null, 'high 95 %': null });
  const [pairs] = withoutShortIntervals([{ pairs: 3, 'low 95 %': 0.1 }]);
  t.is(pairs['low 95 %'], '-');
  const [draws] = withoutShortIntervals([{ draws: 2, '95 % interval of it': '0.1 to 0.2' }]);
  t.is(draws['95 % interval of it'], '-');
});

test('runs that trained together are shown with the time of one', (t) => {
  const together = { ...results('100 triplets'), rows: [{ ...row, seconds: 12, together: 5 }] };
  t.regex(formatResults(together), / 2\.4$/);
  t.regex(formatResults({ ...together, rows: [{ ...row, seconds: 12 }] }), / 12$/);
});
