import test from 'ava';
import { valuesByDraw } from '../../src/figures/index.js';

interface Trace {
  readonly mode: string;
  readonly x: number[];
  readonly y: number[];
  readonly error_y?: { readonly array: number[]; readonly arrayminus: number[] };
}

const group = (value: unknown, values: readonly number[], interval: { low: number; high: number } | null) => ({
  name: String(value),
  value,
  points: values.map((one, i) => ({ draw: i + 1, value: one })),
  mean: values.length === 0 ? null : values.reduce((sum, one) => sum + one, 0) / values.length,
  interval,
});

test('numbers stand where they are, a draw is one line, means have their intervals', (t) => {
  const { data, layout, alt } = valuesByDraw(
    [group(10, [0.4, 0.6], { low: 0.4, high: 0.7 }), group(30, [0.5, 0.9], { low: 0.5, high: 0.9 })],
    { title: 'A title', line: { value: 0, text: 'none' } },
  );
  const traces = data as unknown as Trace[];
  t.is(traces.length, 4);
  t.deepEqual([traces[0].x, traces[0].y], [[10, 30], [0.4, 0.5]]); // prettier-ignore
  t.deepEqual([traces[1].x, traces[1].y], [[10, 30], [0.6, 0.9]]); // prettier-ignore
  t.deepEqual(traces[2].y, [0.5, 0.7]);
  t.true(
    Math.abs(traces[2].error_y!.array[0] - 0.2) < 1e-12 && Math.abs(traces[2].error_y!.arrayminus[0] - 0.1) < 1e-12,
  );
  t.deepEqual(traces[3].y, [0, 0]);
  t.is(layout.xaxis!.type, 'linear');
  const [from, to] = layout.xaxis!.range as [number, number];
  t.true(from < 10 && to > 30);
  t.is(alt, 'A title: 10 0.500 (0.400 to 0.700); 30 0.700 (0.500 to 0.900)');
});

test('values far apart are on an axis of logarithms, words side by side, and what has no run is left out', (t) => {
  const wide = valuesByDraw([group(0.001, [0.5], null), group(0.1, [], null)], { line: { value: 0, text: 'none' } });
  t.is(wide.layout.xaxis!.type, 'log');
  const [from, to] = wide.layout.xaxis!.range as [number, number];
  t.true(from < -3 && to > -1);
  const traces = wide.data as unknown as Trace[];
  t.deepEqual(traces[1].x, [0.001]);
  t.true(traces[2].x[0] > 0 && traces[2].x[0] < 0.001 && traces[2].x[1] > 0.1);
  const words = valuesByDraw([group('rkd', [0.5], null), group('<stmr>', [0.6], null)]);
  t.deepEqual(words.layout.xaxis!.tickvals, [0, 1]);
  t.deepEqual(words.layout.xaxis!.ticktext, ['rkd', '&lt;stmr&gt;']);
  t.regex(valuesByDraw([group(1, [], null), group(2, [], null)]).alt, /no run yet$/);
});
