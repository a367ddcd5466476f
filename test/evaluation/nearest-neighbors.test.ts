import test from 'ava';
import { UsageError } from '../../src/errors.js';
import { nearestNeighbors, neighborsOf } from '../../src/evaluation/index.js';
import { RandomStream } from '../../src/random/stream.js';

const [n, size] = [300, 4];
const rows = new Float32Array(n * size);
new RandomStream(4, 'rows').fillNormal(rows, 0, 1);
rows.copyWithin(200 * size, 3 * size, 4 * size);

/** All others with their distances, by sorting. */
function naive(item: number, among: readonly number[]): { item: number; distance: number }[] {
  return among
    .filter((other) => other !== item)
    .map((other) => ({
      item: other,
      distance: Math.hypot(...Array.from({ length: size }, (_, c) => rows[item * size + c] - rows[other * size + c])),
    }))
    .sort((a, b) => a.distance - b.distance || a.item - b.item);
}

const all = Array.from({ length: n }, (_, i) => i);

test('the nearest of every row, and how far they are', (t) => {
  const { indexes, distances } = nearestNeighbors(rows, size, { k: 3 });
  for (const i of all) {
    const expected = naive(i, all).slice(0, 3);
    t.deepEqual(Array.from(indexes.subarray(3 * i, 3 * i + 3)), expected.map(({ item }) => item)); // prettier-ignore
    expected.forEach(({ distance }, r) => t.true(Math.abs(distances[3 * i + r] - distance) <= 1e-6 * distance));
  }
  t.deepEqual([indexes[3 * 3], indexes[3 * 200], distances[9]], [200, 3, 0], 'of equal rows each is the other nearest');
});

test('queries among some, themselves included or not', (t) => {
  const [queries, among] = [[5, 200, 3], all.filter((i) => i % 2 === 0 || i === 5)];
  const without = nearestNeighbors(rows, size, { k: 2, queries, among });
  t.deepEqual(Array.from(without.indexes), queries.flatMap((i) => naive(i, among).slice(0, 2).map(({ item }) => item))); // prettier-ignore
  const own = nearestNeighbors(rows, size, { queries, among, excludeSelf: false });
  t.deepEqual(Array.from(own.indexes), [5, 200, 200], 'row 3 is not among them, an equal one is');
  t.deepEqual(Array.from(own.distances), [0, 0, 0]);
});

test('the neighbours of one item', (t) => {
  const among = [250, 9, 9, 14, 100, 3];
  for (const [item, k, from] of [
    [0, 5, undefined],
    [9, 3, among],
    [9, 20, among],
  ] as const) {
    const expected = naive(item, from === undefined ? all : [...new Set(from)]).slice(0, k);
    const found = neighborsOf(rows, size, item, k, from);
    t.deepEqual(found.map((neighbor) => neighbor.item), expected.map((neighbor) => neighbor.item)); // prettier-ignore
    found.forEach(({ distance }, i) => t.true(Math.abs(distance - expected[i].distance) < 1e-12));
  }
  t.is(neighborsOf(rows, size, 9, 20, among).length, 4);
  t.deepEqual(neighborsOf(rows, size, 9, 2, [9]), []);
  t.throws(() => neighborsOf(rows, size, n, 1), {
    instanceOf: UsageError,
    message: /^invalid item: 300; give a number from 0 to 299$/,
  });
  t.throws(() => neighborsOf(rows, size, -1, 1), { instanceOf: UsageError });
});
