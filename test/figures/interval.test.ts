import test from 'ava';
import { UsageError } from '../../src/errors.js';
import { confidenceInterval, repetitionIntervals } from '../../src/figures/plots/interval.js';
import { studentT, studentTQuantile } from '../../src/statistics/student-t.js';

test("quantiles of Student's t are those of the printed tables", (t) => {
  // Two-sided 95 % and 99 % points (Fisher & Yates), degrees of freedom first.
  for (const [degrees, p95, p99] of [
    [1, 12.706, 63.657],
    [2, 4.303, 9.925],
    [4, 2.776, 4.604],
    [9, 2.262, 3.25],
    [29, 2.045, 2.756],
    [120, 1.98, 2.617],
  ]) {
    t.is(Number(studentTQuantile(0.975, degrees).toFixed(3)), p95);
    t.is(Number(studentTQuantile(0.995, degrees).toFixed(3)), p99);
  }
});

test('the distribution function has its closed forms for one and two degrees of freedom', (t) => {
  for (const x of [-30, -1, -0.1, 0, 0.5, 2, 100]) {
    t.true(Math.abs(studentT(x, 1) - (0.5 + Math.atan(x) / Math.PI)) < 1e-13);
    t.true(Math.abs(studentT(x, 2) - (0.5 + x / (2 * Math.sqrt(2 + x * x)))) < 1e-13);
  }
});

test('mean, standardDeviation and interval of five repetitions', (t) => {
  const { n, mean, standardDeviation, low, high } = confidenceInterval([0.84, 0.85, 0.845, 0.86, 0.84]);
  t.is(n, 5);
  t.true(Math.abs(mean - 0.847) < 1e-12);
  t.true(Math.abs(standardDeviation - Math.sqrt(0.00028 / 4)) < 1e-12);
  t.true(Math.abs(high - mean - (2.7764451052 * standardDeviation) / Math.sqrt(5)) < 1e-10);
  t.true(Math.abs(mean - low - (high - mean)) < 1e-12);
  t.deepEqual(confidenceInterval([0.5]), { n: 1, mean: 0.5, standardDeviation: 0, low: 0.5, high: 0.5 });
});

test('impossible repetitions and levels are refused', (t) => {
  for (const values of [[], [NaN], [1, Infinity]])
    t.throws(() => confidenceInterval(values), { instanceOf: UsageError });
  for (const level of [0, 1, NaN]) t.throws(() => confidenceInterval([1, 2], level), { instanceOf: UsageError });
});

test('the figure shows every repetition, the interval, and the ceiling', (t) => {
  const figure = repetitionIntervals([{ name: 'a', values: Float32Array.of(0.5, 0.75) }], { ceiling: 0.9 });
  const [dots, mean, ceiling] = figure.data as unknown as { y: number[]; error_y: { array: number[] } }[];
  t.deepEqual(dots.y, [0.5, 0.75]);
  t.deepEqual(mean.y, [0.625]);
  t.true(Math.abs(mean.error_y.array[0] - (12.7062047362 * Math.SQRT1_2 * 0.25) / Math.SQRT2) < 1e-9);
  t.deepEqual(ceiling.y, [0.9, 0.9]);
  t.regex(figure.alt, /a 0\.625 \(-0\.963 to 2\.213\); ceiling 0\.900/);
});

test('an estimated ceiling has a band, of the whole or over its own group; what is not estimable is not drawn', (t) => {
  const groups = [
    { name: 'a', values: [0.5], ceiling: { value: 0.8, low: 0.7, high: 0.85 } },
    { name: 'b', values: [0.6], ceiling: null },
  ];
  const { data, alt } = repetitionIntervals(groups, { chance: 0.5 });
  const [band, line, chance] = data.slice(4) as unknown as { x: number[]; y: number[]; fill?: string }[];
  t.deepEqual([band.fill, band.y, line.y, chance.y], ['toself', [0.7, 0.7, 0.85, 0.85], [0.8, 0.8], [0.5, 0.5]]);
  t.true(line.x[0] < 0 && line.x[1] > 0 && line.x[1] < 1, 'over the first group');
  t.regex(alt, /b 0\.600; ceiling of a 0\.800 \(0\.700 to 0\.850\); chance 0\.500$/);
  t.is(repetitionIntervals(groups.slice(1), { ceiling: null }).data.length, 2);
  const whole = repetitionIntervals(groups.slice(1), { ceiling: { value: 0.8, low: 0.7, high: 0.85 } });
  t.regex(whole.alt, /; ceiling 0\.800 \(0\.700 to 0\.850\)$/);
});
