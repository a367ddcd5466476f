import test from 'ava';
import { progressByPictures, repetitionIntervals, valuesByDraw } from '../../src/figures/index.js';
import { valueRange } from '../../src/figures/plots/value-range.js';

test('a level near the values is on the axis, one far away is named at its edge', (t) => {
  const values = [0.7, 0.72];
  const near = valueRange(values, [{ value: 0.74, text: 'ceiling' }]);
  t.true(near.axis.range![0] < 0.7 && near.axis.range![1] > 0.74);
  t.deepEqual(near.annotations, []);

  const far = valueRange(values, [{ value: 0.9, text: 'ceiling <0.9>' }, { value: 0.33, text: 'chance' }]); // prettier-ignore
  const [low, high] = far.axis.range!;
  t.true(low < 0.7 && low > 0.69 && high > 0.72 && high < 0.73);
  t.deepEqual(
    far.annotations.map(({ text, y }) => [text, y]),
    [['↑ ceiling &lt;0.9&gt;', 1], ['↓ chance', 0]], // prettier-ignore
  );
});

test('one value has a range, and its level is on it; no value has none', (t) => {
  const [low, high] = valueRange([0.5], [{ value: 0.8, text: 'ceiling' }]).axis.range!;
  t.true(low < 0.5 && high > 0.8);
  t.deepEqual(valueRange([], [{ value: 0.8, text: 'ceiling' }]), { axis: {}, annotations: [] });
  t.true(valueRange([0], []).axis.range!.every(Number.isFinite));
});

test('figures of results choose their axis by their values', (t) => {
  const ceiling = { value: 0.9, text: 'ceiling' };
  const run = [{ pictures: 0, value: 0.7 }, { pictures: 10, value: 0.72 }]; // prettier-ignore
  const group = { name: 'a', value: 'a', points: run.map(({ value }, draw) => ({ draw, value })), mean: 0.71, interval: null }; // prettier-ignore
  const ranges = [
    repetitionIntervals([{ name: 'a', values: [0.7, 0.7, 0.7, 0.72] }], { ceiling: 0.9 }),
    valuesByDraw([group], { line: ceiling }),
    progressByPictures([{ name: 'a', runs: [run] }], { lines: [ceiling] }),
  ].map(({ layout }) => ({ high: layout.yaxis!.range![1] as number, notes: layout.annotations!.length }));
  for (const { high, notes } of ranges) {
    t.true(high < 0.8);
    t.is(notes, 1);
  }
});
