import test from 'ava';
import { UsageError } from '../../src/errors.js';
import { meanPrecisionAt1 } from '../../src/metrics/index.js';
import { RandomStream } from '../../src/random/stream.js';

const dot = (x: Float32Array, d: number, i: number, j: number): number =>
  Array.from({ length: d }, (_, k) => x[i * d + k] * x[j * d + k]).reduce((sum, v) => sum + v, 0);
const squared = (x: Float32Array, d: number, i: number, j: number): number =>
  Array.from({ length: d }, (_, k) => (x[i * d + k] - x[j * d + k]) ** 2).reduce((sum, v) => sum + v, 0);

/** Training: the greatest dot product with another, by sorting all. */
function training(x: Float32Array, d: number, classes: number[]): number {
  const counted = classes.map((_, i) => i).filter((i) => classes.filter((c) => c === classes[i]).length > 1);
  const right = counted.filter((i) => {
    const products = classes.map((_, j) => dot(x, d, i, j));
    const others = classes.map((_, j) => j).filter((j) => j !== i);
    const [nearest] = others.sort((a, b) => products[b] - products[a] || a - b);
    return classes[nearest] === classes[i];
  });
  return right.length / counted.length;
}

/** Evaluation: the second of all, itself among them. */
function evaluation(x: Float32Array, d: number, classes: number[]): number {
  const right = classes.filter((c, i) => {
    const distances = classes.map((_, j) => squared(x, d, i, j));
    const all = classes.map((_, j) => j).sort((a, b) => distances[a] - distances[b] || a - b);
    return classes[all[1]] === c;
  });
  return right.length / classes.length;
}

for (const [n, d, duplicates] of [
  [120, 5, 0],
  [150, 3, 40],
  [400, 60, 30], // more than plain JavaScript does
])
  test(`${n} rows of ${d}, ${duplicates} of them repeated: as by sorting`, (t) => {
    const stream = new RandomStream(2, n);
    const rows = new Float32Array(n * d);
    stream.fillNormal(rows, 0, 1);
    for (let i = 0; i < duplicates; i++) rows.copyWithin((n - 1 - i) * d, i * d, (i + 1) * d);
    const classes = Array.from({ length: n }, (_, i) => (i === 7 || i === 9 ? 100 + i : stream.integer(3)));
    const expected = [training(rows, d, classes), evaluation(rows, d, classes)];
    t.is(meanPrecisionAt1(rows, d, classes), expected[0]);
    t.is(meanPrecisionAt1(rows, d, Int32Array.from(classes), { convention: 'evaluation' }), expected[1]);
    t.not(expected[0], expected[1]);
  });

test('the second of a search is the instance itself where an equal one comes before it', (t) => {
  // rows 0 and 1 are equal, of different classes: 0 finds 0, then 1 (wrong); 1 finds 0, then itself (right)
  const rows = Float32Array.of(0, 0, 5, 5.5);
  t.is(meanPrecisionAt1(rows, 1, [1, 2, 3, 3], { convention: 'evaluation' }), 0.75);
});

test('instances alone in their class: left out in training, wrong in evaluation', (t) => {
  const rows = Float32Array.of(1, 0, 0.9, 0.1, 0, 1);
  t.is(meanPrecisionAt1(rows, 2, [1, 1, 2]), 1);
  t.is(meanPrecisionAt1(rows, 2, [1, 1, 2], { convention: 'evaluation' }), 2 / 3);
  t.is(meanPrecisionAt1(rows, 2, [1, 2, 3]), NaN, 'nobody counts');
});

test('classes that do not fit, numbers that are none, a single row', (t) => {
  const fails = (message: RegExp, rows: number[], classes: number[], convention?: 'evaluation'): void => {
    t.throws(() => meanPrecisionAt1(Float32Array.from(rows), 1, classes, convention && { convention }), {
      instanceOf: UsageError,
      message,
    });
  };
  fails(/^invalid classes: 2 for 3 embeddings; /, [1, 2, 3], [1, 2]);
  fails(/^invalid embedding: NaN in row 1; /, [1, NaN], [1, 1]);
  fails(/^invalid k: 2; give at most 1, /, [1], [1], 'evaluation');
});
