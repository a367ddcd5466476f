import * as tf from '@tensorflow/tfjs';
import test from 'ava';
import { chooseEngine } from '../../src/engine/index.js';
import { UsageError } from '../../src/errors.js';
import { makeTripletLoss } from '../../src/losses/index.js';
import { Stream } from '../../src/random/stream.js';

test.before(async () => {
  await chooseEngine({ useGpu: false, engine: 'wasm' });
});

type Parameters = Record<string, number | boolean>;
type Naive = (p: Record<string, number>, s: number[], d: number[]) => number;

const relu = (x: number): number => Math.max(x, 0);
const mean = (values: number[]): number => values.reduce((sum, value) => sum + value, 0) / values.length;

/** The formulas of one triplet in double precision: similarities and distances of the pairs 01, 02 [, 12]. */
const naive: Record<string, Naive> = {
  double_contrastive: (p, _, [d01, ...far]) =>
    mean([relu(d01 - p.margin_positive), ...far.map((d) => relu(p.margin_negative - d))]),
  triplet: (p, _, [d01, ...far]) => mean(far.map((d) => relu(p.margin - (d - d01)))),
  double_margin: (p, _, [d01, ...far]) =>
    mean(far.map((d) => relu(d01 - (p.beta - p.margin)) + relu(p.beta + p.margin - d))),
  ste: (p, s) => -Math.log(Math.exp(s[0] / p.tau) / s.reduce((sum, x) => sum + Math.exp(x / p.tau), 0)),
  double_multisimilarity: (p, [s01, ...far]) =>
    mean(
      far.map(
        (s) =>
          Math.log(1 + Math.exp(p.alpha * (p.margin - s01))) / p.alpha +
          Math.log(1 + Math.exp(p.beta * (s - p.margin))) / p.beta,
      ),
    ),
};

const parameters: Record<string, Parameters> = {
  double_contrastive: { margin_positive: 0.1, margin_negative: 1 },
  triplet: { margin: 0.5 },
  double_margin: { margin: 0.2, beta: 1.2 },
  ste: { tau: 0.5 },
  double_multisimilarity: { margin: 0.5, alpha: 2, beta: 40 },
};

function naiveLoss(name: string, p: Parameters, rows: number[][], directed: boolean): number {
  const dot = (a: number[], b: number[]): number => a.reduce((sum, x, k) => sum + x * b[k], 0);
  const distance = (a: number[], b: number[]): number => Math.hypot(...a.map((x, k) => x - b[k]));
  const losses: number[] = [];
  for (let t = 0; t < rows.length; t += 3) {
    const [a, b, c] = rows.slice(t, t + 3);
    const pairs = directed ? [[a, b], [a, c]] : [[a, b], [a, c], [b, c]]; // prettier-ignore
    const s = pairs.map(([x, y]) => dot(x, y));
    const d = pairs.map(([x, y]) => distance(x, y));
    losses.push(naive[name](p as Record<string, number>, s, d));
  }
  return mean(losses);
}

function randomRows(n: number, size: number, seed: number): number[][] {
  const stream = new Stream(seed, 'rows');
  return Array.from({ length: n }, () => {
    const row = Array.from({ length: size }, () => stream.normal());
    const norm = Math.hypot(...row);
    return row.map((x) => Math.fround(x / norm));
  });
}

for (const name of Object.keys(naive))
  for (const directed of [false, true])
    test(`${name}, ${directed ? 'directed' : 'undirected'}: value and gradient are those of the formula`, (t) => {
      const rows = randomRows(24, 6, 11);
      const loss = makeTripletLoss(name, parameters[name], directed);
      const { value, grad } = tf.valueAndGrad((x) => loss(x))(tf.tensor2d(rows));
      t.true(Math.abs(value.dataSync()[0] - naiveLoss(name, parameters[name], rows, directed)) < 1e-5);
      const gradient = grad.dataSync();
      const step = 1e-5;
      rows.forEach((row, i) => {
        row.forEach((x, k) => {
          const at = (moved: number): number =>
            naiveLoss(name, parameters[name], rows.with(i, row.with(k, moved)), directed);
          const expected = (at(x + step) - at(x - step)) / (2 * step);
          t.true(Math.abs(gradient[i * 6 + k] - expected) < 2e-4 * (1 + Math.abs(expected)), `row ${i}, ${k}`);
        });
      });
    });

test('leading axes are computed side by side', (t) => {
  const [a, b] = [randomRows(12, 5, 1), randomRows(12, 5, 2)];
  for (const [name, p] of Object.entries(parameters)) {
    const loss = makeTripletLoss(name, p, false);
    const both = loss(tf.tensor3d([a, b])).dataSync();
    const alone = [a, b].map((rows) => loss(tf.tensor2d(rows)).dataSync()[0]);
    t.deepEqual([...both], alone);
  }
});

test('ste has no gradient where the probability is under 1e-12, unless the log-softmax is exact', (t) => {
  const rows = tf.tensor2d([[1, 0], [0, 1], [1, 0]]); // prettier-ignore
  const clamped = tf.grad((x) => makeTripletLoss('ste', { tau: 0.005 }, true)(x))(rows);
  t.true(clamped.dataSync().every((x) => x === 0));
  const exact = makeTripletLoss('ste', { tau: 0.005, exact_log_softmax: true }, true);
  t.is(Math.round(exact(rows).dataSync()[0]), 200); // (s02 - s01) / tau
  // (c - b) / tau, -a / tau, a / tau
  const gradient = tf
    .grad((x) => exact(x))(rows)
    .dataSync();
  t.deepEqual(
    Array.from(gradient, (x) => x + 0),
    [200, -200, -200, 0, 200, 0],
  );
});

test('equal rows have a distance but no gradient', (t) => {
  const rows = tf.ones<tf.Rank.R2>([3, 4]).div(2);
  const loss = makeTripletLoss('triplet', { margin: 0.5 }, false);
  t.is(loss(rows).dataSync()[0], 0.5);
  t.true(tf.grad((x) => loss(x))(rows).dataSync().every((x) => x === 0)); // prettier-ignore
});

test('an unknown loss is named with the nearest one', (t) => {
  const error = t.throws(() => makeTripletLoss('tripel', {}, false), { instanceOf: UsageError });
  t.is(error.message, 'unknown loss_type: tripel; did you mean triplet?');
});
