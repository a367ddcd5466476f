import test from 'ava';
import { tablePoints, type CollectedRow } from '../../src/experiments/index.js';
import { progressByPictures } from '../../src/figures/index.js';

const run = (version: string, seed: number, value: number) => ({ version, seed, value, repetition: 0 });
const row = (name: string, runs: readonly ReturnType<typeof run>[]): CollectedRow =>
  ({ name, mean: null, interval: null, runs }) as unknown as CollectedRow;

test('runs of the same split and seed have one number in all rows, students and the direct route alike', (t) => {
  const [students, direct] = tablePoints([
    row('rkd', [
      run('source_embedding~0', 0, 0.8),
      run('source_embedding~1', 0, 0.7),
      run('source_embedding~1', 1, 0.6),
    ]),
    row('ste', [run('direct~1', 0, 0.5), run('direct~0', 0, 0.4), run('direct~2', 0, 0.3)]),
  ]);
  t.deepEqual(students.points, [{ draw: 1, value: 0.8 }, { draw: 2, value: 0.7 }, { draw: 3, value: 0.6 }]); // prettier-ignore
  t.deepEqual(direct.points, [{ draw: 2, value: 0.5 }, { draw: 1, value: 0.4 }, { draw: 4, value: 0.3 }]); // prettier-ignore
});

test('progress over pictures: every run, their mean, and what it says in words', (t) => {
  const point = (pictures: number, value: number) => ({ pictures, value });
  const figure = progressByPictures(
    [{ name: 'rkd', runs: [[point(0, 0.7), point(5000, 0.8)], [point(0, 0.8), point(6000, 0.9)]] }],
    { lines: [{ value: 0.75, text: 'features' }] },
  ); // prettier-ignore
  const traces = figure.data as { x: number[]; y: number[]; name?: string }[];
  t.is(traces.length, 4);
  t.deepEqual([traces[0].x, traces[1].y], [[0, 5000], [0.8, 0.9]]); // prettier-ignore
  t.deepEqual(traces[2].x, [0, 5500]);
  t.true(traces[2].y.every((value, i) => Math.abs(value - [0.75, 0.85][i]) < 1e-12));
  t.deepEqual(traces[3].x, [0, 6000]);
  t.regex(figure.alt, /rkd from 0\.750 to 0\.850 over 5500 pictures \(2 runs\); features 0\.750/);
  t.regex(progressByPictures([]).alt, /no run yet/);
});
