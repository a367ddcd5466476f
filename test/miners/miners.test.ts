import test from 'ava';
import { relaxedDistanceWeighted, distanceWeighted, type HostRows } from '../../src/miners/index.js';
import { RandomStream } from '../../src/random/stream.js';
import { randomRows } from '../losses/rows.js';

const host = (rows: number[][]): HostRows => ({
  data: Float32Array.from(rows.flat()),
  first: 0,
  step: rows[0].length,
  size: rows[0].length,
});
const squared = (a: number[], b: number[]): number => a.reduce((sum, x, k) => sum + (x - b[k]) ** 2, 0);
const normalised = (weights: number[]): number[] => {
  const total = weights.reduce((a, b) => a + b, 0);
  return weights.map((w) => w / total);
};
/** d^(2 - dim) (1 - d^2/4)^((3 - dim)/2), of d^2. */
const inverseDensity = (q: number, dim: number): number => q ** ((2 - dim) / 2) * (1 - q / 4) ** ((3 - dim) / 2);

const DRAWS = 20000;

/** Whether counts are those of probabilities: chi-squared against its mean plus five standard deviations. */
function follow(counts: number[], probabilities: number[]): boolean {
  const total = counts.reduce((a, b) => a + b, 0);
  let [statistic, degrees] = [0, -1];
  for (const [i, p] of probabilities.entries()) {
    if (p === 0) {
      if (counts[i] > 0) return false;
      continue;
    }
    statistic += (counts[i] - total * p) ** 2 / (total * p);
    degrees++;
  }
  return statistic < degrees + 5 * Math.sqrt(2 * Math.max(degrees, 1));
}

test('the check of counts tells distributions apart', (t) => {
  t.true(follow([5000, 3000, 2000], [0.5, 0.3, 0.2]));
  t.false(follow([5300, 2700, 2000], [0.5, 0.3, 0.2]));
  t.false(follow([5000, 4999, 1], [0.5, 0.5, 0]));
});

test('relaxed_sampling_matters: near by exp(-dT^2 / .4), far by f(d) / f(dT), clamped', (t) => {
  const n = 8;
  const [student, teacher] = [randomRows(n, 4, 1), randomRows(n, 3, 2, true)];
  student[3] = student[0].map((x, k) => Math.fround(x + (k === 0 ? 0.2 : 0.1))); // nearer than .5
  const norm = Math.sqrt(student[3].reduce((sum, x) => sum + x * x, 0));
  student[3] = student[3].map((x) => x / norm);
  t.true(squared(student[0], student[3]) < 0.25);
  const [near, far] = [0, 1].map(() => Array.from({ length: n }, () => new Array<number>(n).fill(0)));
  const stream = new RandomStream(3, 'miner');
  for (let draw = 0; draw < DRAWS; draw++) {
    const triplets = relaxedDistanceWeighted(host(student), host(teacher), n, stream);
    for (let m = 0; m < triplets.length; m += 3) {
      near[triplets[m]][triplets[m + 1]]++;
      far[triplets[m]][triplets[m + 2]]++;
    }
  }
  for (let i = 0; i < n; i++) {
    const weights = teacher.map((row, j) => (i === j ? 0 : Math.exp(-squared(teacher[i], row) / 0.4)));
    if (Math.max(...weights) < 0.01) {
      t.is(Math.max(...near[i], ...far[i]), 0);
      continue;
    }
    t.true(follow(near[i], normalised(weights)), `near ${i}: ${near[i].join()}`);
    const ratios = student.map((row, k) => {
      const theirs = Math.min(Math.max(squared(teacher[i], teacher[k]), 0.25), 2);
      return inverseDensity(Math.max(squared(student[i], row), 0.25), 4) / inverseDensity(theirs, 4);
    });
    t.true(follow(far[i], normalised(ratios)), `far ${i}: ${far[i].join()}`);
  }
});

test('relaxed_sampling_matters: an anchor whose weights stay below .01 is left out', (t) => {
  const teacher = [[1, 0, 0], [0, 1, 0], [0, 0, 1], [0, 0, 1]]; // prettier-ignore
  const triplets = relaxedDistanceWeighted(host(randomRows(4, 3, 4)), host(teacher), 4, new RandomStream(4, 'miner'));
  t.deepEqual(
    Array.from(triplets).filter((_, at) => at % 3 < 2),
    [2, 3, 3, 2],
  );
});

test('sampling_matters: positives evenly, itself if alone; negatives by their distance', (t) => {
  const classes = Int32Array.of(0, 0, 0, 1, 1, 2, 3);
  const rows = randomRows(7, 5, 6);
  const [positives, negatives] = [0, 1].map(() => Array.from({ length: 7 }, () => new Array<number>(7).fill(0)));
  const stream = new RandomStream(5, 'miner');
  for (let draw = 0; draw < DRAWS; draw++) {
    const triplets = distanceWeighted(Float32Array.from(rows.flat()), 5, classes, stream);
    t.is(triplets.length, 21);
    for (let m = 0; m < 21; m += 3) {
      positives[triplets[m]][triplets[m + 1]]++;
      negatives[triplets[m]][triplets[m + 2]]++;
    }
  }
  for (let i = 0; i < 7; i++) {
    const others = Array.from(classes, (c, j) => Number(c === classes[i] && j !== i));
    const alone = others.every((x) => x === 0);
    t.true(follow(positives[i], normalised(alone ? others.map((_, j) => Number(j === i)) : others)), `${i}`);
    const weights = rows.map((row, j) =>
      classes[j] === classes[i] ? 0 : inverseDensity(Math.max(squared(rows[i], row), 0.25), 5),
    );
    t.true(follow(negatives[i], normalised(weights)), `negatives of ${i}`);
  }
});

test('384 dimensions, equal and opposite rows: weights neither overflow nor vanish', (t) => {
  const rows = randomRows(6, 384, 7);
  rows[1] = rows[0];
  rows[2] = rows[0].map((x) => -x);
  const stream = new RandomStream(8, 'miner');
  const valid = (triplets: Int32Array): boolean => triplets.every((i) => Number.isInteger(i) && i >= 0 && i < 6);
  for (let draw = 0; draw < 50; draw++) {
    t.true(valid(distanceWeighted(Float32Array.from(rows.flat()), 384, Int32Array.of(0, 0, 1, 1, 2, 2), stream)));
    t.true(valid(relaxedDistanceWeighted(host(rows), host(randomRows(6, 3, draw, true)), 6, stream)));
  }
  t.is(distanceWeighted(Float32Array.from(rows.flat()), 384, new Int32Array(6), stream).length, 0);
});
