import test from 'ava';
import { distanceCorrelation } from '../../src/metrics/distance-correlation.js';
import { RandomStream } from '../../src/random/stream.js';

function normal(length: number, name: string): Float32Array {
  const rows = new Float32Array(length);
  new RandomStream(5, name).fillNormal(rows, 1, 2);
  return rows;
}

/** Pearson's correlation by its other form: n sum xy - sum x sum y over the roots. */
function pearson(x: readonly number[], y: readonly number[]): number {
  const sum = (values: readonly number[]): number => values.reduce((total, value) => total + value, 0);
  const n = x.length;
  const spread = (values: readonly number[]): number => n * sum(values.map((v) => v * v)) - sum(values) ** 2;
  return (n * sum(x.map((v, i) => v * y[i])) - sum(x) * sum(y)) / Math.sqrt(spread(x) * spread(y));
}

test('distances of all pairs in both spaces, and their correlation', (t) => {
  const [a, b, n] = [normal(20 * 3, 'a'), normal(20 * 5, 'b'), 20];
  const pairs = Array.from({ length: n * n }, (_, at) => [Math.floor(at / n), at % n]).filter(([i, j]) => i < j);
  const distances = (rows: Float32Array, d: number): number[] =>
    pairs.map(([i, j]) => Math.hypot(...Array.from({ length: d }, (_, k) => rows[i * d + k] - rows[j * d + k])));
  const found = distanceCorrelation(a, 3, b, 5);
  const [da, db] = [distances(a, 3), distances(b, 5)];
  t.is(found.a.length, (n * (n - 1)) / 2);
  found.a.forEach((value, at) => t.true(Math.abs(value - da[at]) < 1e-12 * da[at]));
  found.b.forEach((value, at) => t.true(Math.abs(value - db[at]) < 1e-12 * db[at]));
  t.true(Math.abs(found.correlation - pearson(da, db)) < 1e-10);
  t.true(Math.abs(found.correlation) < 0.5, 'independent spaces');
});

test('only the chosen items, in their order', (t) => {
  const a = normal(12 * 2, 'a');
  const chosen = distanceCorrelation(a, 2, a, 2, [7, 2, 9]);
  const part = Float32Array.from([7, 2, 9].flatMap((i) => [a[2 * i], a[2 * i + 1]]));
  t.deepEqual(chosen.a, distanceCorrelation(part, 2, part, 2).a);
  t.is(chosen.a.length, 3);
});

test('the same shape at another scale correlates fully, the opposite order negatively', (t) => {
  const a = normal(15 * 4, 'a');
  const scaled = a.map((value) => 1 - 3 * value);
  t.true(Math.abs(distanceCorrelation(a, 4, scaled, 4).correlation - 1) < 1e-6);
  // three points on lines: distances 1, 3, 2 and 3, 1, 2
  const opposite = distanceCorrelation(Float32Array.of(0, 1, 3), 1, Float32Array.of(0, 3, 1), 1);
  t.deepEqual([opposite.a, opposite.b], [[1, 3, 2], [3, 1, 2]]); // prettier-ignore
  t.true(Math.abs(opposite.correlation + 1) < 1e-12);
});
