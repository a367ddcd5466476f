import test from 'ava';
import {
  answerProbabilities,
  bayesCeiling,
  drawTriplets,
  factorDistance,
  factorsFct,
} from '../../src/datasets/synthetic/synthetic-triplets.js';
import { RandomStream } from '../../src/random/stream.js';

const k = 3;
const items = 5;
const stream = new RandomStream(7, 'test');
const factors = Float32Array.from({ length: items * k }, () => stream.uniform());
const space = { factors, k };
const temperature = 0.3;

/** Distance in factor space, recomputed naively. */
function distance(i: number, j: number): number {
  const point = (item: number) => Array.from(factors.subarray(item * k, item * k + k));
  return Math.hypot(...point(i).map((value, f) => value - point(j)[f]));
}

const all: [number, number, number][] = [];
for (let a = 0; a < items; a++)
  for (let b = 0; b < items; b++)
    for (let c = 0; c < items; c++) if (a !== b && a !== c && b !== c) all.push([a, b, c]);

test('probabilities are those of the formulas', (t) => {
  for (const [a, b, c] of all) {
    t.true(Math.abs(factorDistance(space, a, b) - distance(a, b)) < 1e-12);
    const [near] = answerProbabilities(space, { directed: true, temperature }, a, b, c);
    t.true(Math.abs(near - 1 / (1 + Math.exp(-(distance(a, c) - distance(a, b)) / temperature))) < 1e-12);
    const weights = [distance(a, b), distance(a, c), distance(b, c)].map((d) => Math.exp(-d / temperature));
    const sum = weights[0] + weights[1] + weights[2];
    const found = answerProbabilities(space, { directed: false, temperature }, a, b, c);
    for (const [i, weight] of weights.entries()) t.true(Math.abs(found[i] - weight / sum) < 1e-12);
  }
});

test('a temperature near 0 gives certainty, and no NaN', (t) => {
  for (const directed of [true, false])
    for (const [a, b, c] of all) {
      const sorted = answerProbabilities(space, { directed, temperature: 1e-6 }, a, b, c).sort((x, y) => y - x);
      t.is(sorted[0], 1);
      t.is(sorted[1], 0);
    }
});

for (const directed of [true, false])
  test(`${directed ? 'directed' : 'undirected'} answers come as often as they should, for every question`, (t) => {
    const noise = { directed, temperature };
    const count = 200_000;
    const triplets = drawTriplets(space, noise, count, new RandomStream(3, 'answers', Number(directed)));
    const counts = new Map<string, number>();
    for (let i = 0; i < triplets.length; i += 3) {
      const [a, b, c] = triplets.subarray(i, i + 3);
      const key = directed || a < b ? `${a} ${b} ${c}` : `${b} ${a} ${c}`;
      counts.set(key, (counts.get(key) ?? 0) + 1);
    }
    // Directed: an ordered anchor and a pair; undirected: a set of three. All are equally likely to be asked.
    const questions = directed ? 5 * 6 : 10;
    t.is(counts.size, directed ? 60 : 30);
    let chi = 0;
    for (const [key, found] of counts) {
      const [a, b, c] = key.split(' ').map(Number);
      const expected = (count / questions) * answerProbabilities(space, noise, a, b, c)[0];
      chi += (found - expected) ** 2 / expected;
    }
    // Degrees of freedom: 59 or 29; the .9999 quantile of chi squared is 109.4 or 65.0.
    t.true(chi < (directed ? 109.4 : 65), `chi squared ${chi}`);
  });

test('ceiling and FCT of the factors by brute force', (t) => {
  for (const directed of [true, false]) {
    const noise = { directed, temperature };
    let [sum, correct] = [0, 0];
    for (const [a, b, c] of all) {
      const [ab, ac, bc] = [distance(a, b), distance(a, c), distance(b, c)];
      const pairs = directed ? [ab, ac] : [ab, ac, bc];
      const weights = pairs.map((d) => Math.exp(-d / temperature));
      sum += Math.max(...weights) / weights.reduce((x, y) => x + y);
      if (ab < ac && (directed || ab < bc)) correct++;
    }
    const triplets = Int32Array.from(all.flat());
    t.true(Math.abs(bayesCeiling(space, noise, triplets) - sum / all.length) < 1e-12);
    t.is(factorsFct(space, noise, triplets), correct / all.length);
  }
});

test('the FCT of the factors tends to the ceiling', (t) => {
  for (const directed of [true, false]) {
    const noise = { directed, temperature };
    const count = 100_000;
    const triplets = drawTriplets(space, noise, count, new RandomStream(5, 'many'));
    const ceiling = bayesCeiling(space, noise, triplets);
    // Four standard deviations.
    const tolerance = 4 * Math.sqrt((ceiling * (1 - ceiling)) / count);
    t.true(Math.abs(factorsFct(space, noise, triplets) - ceiling) < tolerance);
  }
});

test('a triplet is of three different items; the stream decides which', (t) => {
  const noise = { directed: false, temperature };
  const draw = (seed: number) => drawTriplets(space, noise, 1000, new RandomStream(seed, 'x'));
  t.deepEqual(draw(1), draw(1));
  t.notDeepEqual(draw(1), draw(2));
  const triplets = draw(1);
  for (let i = 0; i < triplets.length; i += 3) {
    t.is(new Set(triplets.subarray(i, i + 3)).size, 3);
    t.true(triplets.subarray(i, i + 3).every((item) => item >= 0 && item < items));
  }
});
