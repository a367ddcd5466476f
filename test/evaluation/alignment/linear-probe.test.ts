import test from 'ava';
import { bayesCeiling } from '../../../src/datasets/synthetic/synthetic-triplets.js';
import { chooseEngine } from '../../../src/engine/index.js';
import { UsageError } from '../../../src/errors.js';
import { linearProbe } from '../../../src/evaluation/index.js';
import { fitProbes, transformRows } from '../../../src/evaluation/alignment/fit-probe.js';
import { allBut, itemFolds, restrict } from '../../../src/evaluation/alignment/item-folds.js';
import { probeObjective } from '../../../src/evaluation/alignment/probe-objective.js';
import { fractionCorrectOfTriplets } from '../../../src/metrics/index.js';
import { RandomStream } from '../../../src/random/stream.js';
import * as tf from '../../../src/tf.js';
import { mixedFactors, normal, smallData } from './probe-data.js';

test.before(() => chooseEngine({ useGpu: false, engine: 'wasm' }));

for (const directed of [true, false])
  for (const similarity of ['dot', 'euclidean'] as const)
    test.serial(
      `the loss by its definition, the gradient by differences: ${similarity}, directed ${directed}`,
      async (t) => {
        const data = smallData(directed, similarity);
        const { rows, size, triplets } = data;
        const n = rows.length / size;
        const penalty = 3;
        const point = Float64Array.from(normal((size + 1) * size, 'point'), (v) => v / 2);
        const naive = (w: Float64Array): number => {
          const z = Array.from({ length: n }, (_, i) =>
            Array.from(
              { length: size },
              (_, l) =>
            Array.from({ length: size }, (_, k) => rows[i * size + k] * w[k * size + l]).reduce((a, b) => a + b, w[size * size + l]), // prettier-ignore
            ),
          );
          const s = (i: number, j: number): number =>
            similarity === 'dot'
              ? z[i].reduce((sum, v, k) => sum + v * z[j][k], 0)
              : -z[i].reduce((sum, v, k) => sum + (v - z[j][k]) ** 2, 0) / 2;
          let loss = 0;
          for (let i = 0; i < triplets.length; i += 3) {
            const [a, b, c] = triplets.subarray(i, i + 3);
            const terms = [s(a, b), s(a, c), ...(directed ? [] : [s(b, c)])].map(Math.exp);
            loss -= Math.log(terms[0] / terms.reduce((x, y) => x + y, 0));
          }
          const m = triplets.length / 3;
          const mean = Array.from({ length: size }, (_, k) => w[k * size + k]).reduce((x, y) => x + y, 0) / size;
          const off = w.slice(0, size * size).map((v, i) => (v - (i % (size + 1) === 0 ? mean : 0)) ** 2);
          return loss / m + (penalty / m) * off.reduce((x, y) => x + y, 0);
        };
        const ones = Array.from({ length: n }, (_, i) => [...rows.subarray(i * size, (i + 1) * size), 1]);
        const features = tf.tensor2d(ones);
        const before = tf.memory().numTensors;
        const { value, gradient } = await probeObjective(features, data, penalty)(point);
        t.is(tf.memory().numTensors, before, 'no tensor is left');
        features.dispose();
        t.true(Math.abs(value - naive(point)) < 1e-5 * Math.abs(value), `${value} ${naive(point)}`);
        const step = 1e-5;
        gradient.forEach((slope, i) => {
          const moved = [step, -step].map((d) => naive(point.map((v, k) => (k === i ? v + d : v))));
          const expected = (moved[0] - moved[1]) / (2 * step);
          t.true(Math.abs(slope - expected) < 1e-4 * Math.max(1, Math.abs(expected)), `${i}: ${slope} ${expected}`);
        });
      },
    );

test('folds part the items, and a part has exactly the triplets wholly inside it', (t) => {
  const data = smallData(true, 'dot', 20, 3, 500);
  const items = Int32Array.from({ length: 20 }, (_, i) => i);
  const parts = itemFolds(items, 3, new RandomStream(0, 'folds'));
  t.deepEqual(parts.flatMap((part) => [...part]).sort((a, b) => a - b), [...items]); // prettier-ignore
  t.deepEqual(parts.map(({ length }) => length).sort(), [6, 7, 7]);
  const training = allBut(parts, 1);
  t.deepEqual([...training], [...parts[0], ...parts[2]]);
  const inside = restrict(data, training);
  const meant = Array.from(inside.triplets, (row) => training[row]);
  const expected: number[] = [];
  for (let i = 0; i < data.triplets.length; i += 3) {
    const triplet = [...data.triplets.subarray(i, i + 3)];
    if (triplet.every((item) => !parts[1].includes(item))) expected.push(...triplet);
  }
  t.deepEqual(meant, expected);
  t.true(expected.length > 0 && expected.length < data.triplets.length / 2);
  for (const [row, item] of training.entries())
    t.deepEqual(inside.rows.slice(3 * row, 3 * row + 3), data.rows.slice(3 * item, 3 * item + 3));
});

for (const directed of [true, false])
  test.serial(
    `factors mixed with noise: the probe reaches 98 % of the ceiling, the features do not; directed ${directed}`,
    async (t) => {
      const { dataset, rows, size } = mixedFactors(directed);
      const data = { rows, size, triplets: dataset.drawn, directed };
      const { result } = await linearProbe({ ...data, similarity: 'euclidean' });
      const ceiling = bayesCeiling({ factors: dataset.factors, k: 4 }, dataset.noise, dataset.drawn);
      t.true(result.fct > 0.98 * ceiling, `${result.fct} ${ceiling}`);
      for (const value of Object.values(result.zeroShot)) t.true(value < 0.75 * ceiling, `${value}`);
      t.true(Math.abs(result.gain.mean - (result.fct - result.zeroShot.euclidean)) < 1e-12);
      t.true(result.error > 0 && result.error < 0.03);
      t.deepEqual(result.folds.map(({ trainingItems, heldOutItems }) => [trainingItems, heldOutItems]), [[100, 50], [100, 50], [100, 50]]); // prettier-ignore
      const asked = result.folds.map(({ heldOutTriplets }) => heldOutTriplets);
      t.is(result.triplets, asked.reduce((a, b) => a + b)); // prettier-ignore
      // dot products alone cannot tell distances, yet are better than the features as they are
      const { result: dot } = await linearProbe({ ...data, similarity: 'dot' });
      t.true(dot.fct > 1.2 * dot.zeroShot.dot && dot.fct < result.fct, `${dot.fct}`);
    },
  );

test.serial('answers that have nothing to do with the items: the probe is at chance on items held out', async (t) => {
  const { dataset, rows, size } = mixedFactors(true);
  const swap = new RandomStream(5, 'swap');
  const triplets = dataset.drawn.slice();
  for (let i = 0; i < triplets.length; i += 3)
    if (swap.uniform() < 0.5) [triplets[i + 1], triplets[i + 2]] = [triplets[i + 2], triplets[i + 1]];
  const { result } = await linearProbe({ rows, size, triplets, directed: true, similarity: 'dot' });
  t.true(Math.abs(result.fct - 0.5) < 0.03, `${result.fct}`);
});

test.serial('a penalty without end leaves the order of distances as it is', async (t) => {
  const data = smallData(true, 'euclidean', 12, 4, 200);
  await fitProbes(data, [1e9], async (probe) => {
    const rows = await transformRows(data.rows, data.size, probe);
    const fct = [data.rows, rows].map((of) => fractionCorrectOfTriplets(of, data.size, data.triplets, true));
    t.is(fct[0], fct[1]);
    return true;
  });
});

test.serial('too many folds, too few triplets: one line each', async (t) => {
  const fails = (message: RegExp, folds: number, count: number) =>
    t.throwsAsync(linearProbe(smallData(true, 'dot', 12, 4, count), { folds }), { instanceOf: UsageError, message });
  await fails(/^invalid folds: 5 of 12 items; give an integer from 3 to 4$/, 5, 400);
  await fails(/^invalid folds: 2 of /, 2, 400);
  await fails(/^too few triplets for a probe: none of 8 has all three items among /, 3, 8);
});
