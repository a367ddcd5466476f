import test from 'ava';
import { averageRanks, spearman } from '../../src/metrics/index.js';
import { RandomStream } from '../../src/random/stream.js';

test('ranks: how many are less, and half of the equal ones', (t) => {
  const stream = new RandomStream(1, 'ranks');
  const values = Array.from({ length: 60 }, () => stream.integer(12));
  const naive = values.map((v) => values.filter((w) => w < v).length + (values.filter((w) => w === v).length + 1) / 2);
  t.deepEqual(averageRanks(values), naive);
});

test("without ties: 1 - 6 sum d^2 / (n (n^2 - 1)); with ties: scipy's value", (t) => {
  const stream = new RandomStream(2, 'spearman');
  const [x, y] = [0, 1].map(() => Array.from({ length: 40 }, () => stream.normal()));
  const rank = (values: number[], v: number): number => values.filter((w) => w < v).length;
  const squares = x.reduce((sum, v, i) => sum + (rank(x, v) - rank(y, y[i])) ** 2, 0);
  t.true(Math.abs(spearman(x, y) - (1 - (6 * squares) / (40 * (40 ** 2 - 1)))) < 1e-12);
  // scipy.stats.spearmanr([1, 2, 2, 3, 5], [2, 1, 1, 4, 4]): ranks 1 2.5 2.5 4 5 and 3 1.5 1.5 4.5 4.5
  t.true(Math.abs(spearman([1, 2, 2, 3, 5], [2, 1, 1, 4, 4]) - 6 / Math.sqrt(9.5 * 9)) < 1e-12);
  t.is(spearman([1, 1, 1], [1, 2, 3]), NaN);
});
