import test from 'ava';
import { UsageError } from '../../src/errors.js';
import { umap } from '../../src/figures/projections/umap.js';
import { RandomStream } from '../../src/random/stream.js';

/** Three groups of 40 rows of 6 numbers, far from each other. */
const stream = new RandomStream(0, 'three groups');
const size = 6;
const groupOf = (i: number): number => i % 3;
const rows = Float32Array.from(
  { length: 120 * size },
  (_, at) => stream.normal() + (at % size === groupOf(Math.floor(at / size)) ? 12 : 0),
);

test('groups stay together in the plane, and the same seed gives the same map', (t) => {
  const map = umap(rows, size, { neighbors: 10 });
  t.is(map.length, 240);
  t.true(map.every(Number.isFinite));
  let right = 0;
  for (let i = 0; i < 120; i++) {
    const distance = (j: number): number =>
      j === i ? Infinity : Math.hypot(map[2 * i] - map[2 * j], map[2 * i + 1] - map[2 * j + 1]);
    const nearest = Array.from({ length: 120 }, (_, j) => j).reduce(
      (a, b) => (distance(b) < distance(a) ? b : a),
      i ? 0 : 1,
    );
    right += Number(groupOf(nearest) === groupOf(i));
  }
  t.is(right, 120);
  t.deepEqual(umap(rows, size, { neighbors: 10 }), map);
  t.notDeepEqual(umap(rows, size, { neighbors: 10, seed: 1 }), map);
});

test('as many neighbours as points are refused; equal rows are placed', (t) => {
  t.throws(() => umap(rows, size, { neighbors: 120 }), {
    instanceOf: UsageError,
    message: 'invalid neighbors: 120; give an integer from 2 to 119 for 120 points',
  });
  t.true(umap(new Float32Array(20 * 2), 2, { neighbors: 5 }).every(Number.isFinite));
});
