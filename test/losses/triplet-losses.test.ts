import * as tf from '../../src/tf.js';
import test from 'ava';
import { chooseEngine } from '../../src/engine/index.js';
import { UsageError } from '../../src/errors.js';
import { makeTripletLoss } from '../../src/losses/index.js';
import { RandomStream } from '../../src/random/stream.js';
import { naiveTripletLoss, tripletLosses } from './naive-triplets.js';

test.before(async () => {
  await chooseEngine({ useGpu: false, engine: 'wasm' });
});

type Parameters = Record<string, number | boolean>;

const parameters: Record<string, Parameters> = {
  double_contrastive: { margin_positive: 0.1, margin_negative: 1 },
  triplet: { margin: 0.5 },
  double_margin: { margin: 0.2, beta: 1.2 },
  ste: { tau: 0.5 },
  double_multisimilarity: { margin: 0.5, alpha: 2, beta: 40 },
  soe: { margin: 0.3 },
  ckl: { mu: 0.4 },
};
/** The losses of `Ordinal`, whose rows have any length; all others are of rows of length 1. */
const ofAnyLength = ['soe', 'ckl'];

function randomRows(n: number, size: number, seed: number): number[][] {
  const stream = new RandomStream(seed, 'rows');
  return Array.from({ length: n }, () => {
    const row = Array.from({ length: size }, () => stream.normal());
    const norm = Math.hypot(...row);
    return row.map((x) => Math.fround(x / norm));
  });
}

for (const name of Object.keys(tripletLosses))
  for (const directed of [false, true])
    test(`${name}, ${directed ? 'directed' : 'undirected'}: value and gradient are those of the formula`, (t) => {
      const rows = randomRows(24, 6, 11).map((row, i) =>
        row.map((x) => (ofAnyLength.includes(name) ? Math.fround(x * (0.5 + (i % 5))) : x)),
      );
      const loss = makeTripletLoss(name, parameters[name], directed);
      const { value, grad } = tf.valueAndGrad((x) => loss(x))(tf.tensor2d(rows));
      t.true(Math.abs(value.dataSync()[0] - naiveTripletLoss(name, parameters[name], rows, directed)) < 1e-5);
      const gradient = grad.dataSync();
      const step = 1e-5;
      rows.forEach((row, i) => {
        row.forEach((x, k) => {
          const at = (moved: number): number =>
            naiveTripletLoss(name, parameters[name], rows.with(i, row.with(k, moved)), directed);
          const expected = (at(x + step) - at(x - step)) / (2 * step);
          t.true(Math.abs(gradient[i * 6 + k] - expected) < 2e-4 * (1 + Math.abs(expected)), `row ${i}, ${k}`);
        });
      });
    });

test('ckl of directed triplets is the published form: the chance of the answer under the kernel', (t) => {
  const rows = [[0, 0], [1, 0], [0, 3]]; // prettier-ignore
  const value = makeTripletLoss('ckl', { mu: 0.5 }, true)(tf.tensor2d(rows)).dataSync()[0];
  t.true(Math.abs(value + Math.log((0.5 + 9) / (2 * 0.5 + 1 + 9))) < 1e-6);
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
