import test from 'ava';
import { correctTriplets, fractionCorrectOfTriplets, similarities, type Similarity } from '../../src/metrics/index.js';
import { RandomStream } from '../../src/random/stream.js';

const naive: Record<Similarity, (x: number[], y: number[]) => number> = {
  euclidean: (x, y) => -Math.hypot(...x.map((v, k) => v - y[k])),
  cosine: (x, y) => x.reduce((sum, v, k) => sum + v * y[k], 0) / Math.hypot(...x) / Math.hypot(...y),
  dot: (x, y) => x.reduce((sum, v, k) => sum + v * y[k], 0),
};

test('triplets are right by each similarity as by its definition, both ways of asking', (t) => {
  const [n, size] = [30, 5];
  const rows = new Float32Array(n * size);
  new RandomStream(3, 'rows').fillNormal(rows, 0.5, 1);
  const row = (i: number): number[] => Array.from(rows.subarray(i * size, (i + 1) * size));
  const stream = new RandomStream(3, 'triplets');
  const drawn = Int32Array.from(
    Array.from({ length: 300 }, () => Array.from(stream.permutation(n).subarray(0, 3))).flat(),
  );
  const values = new Set<number>();
  for (const name of similarities)
    for (const directed of [true, false]) {
      const right = Array.from({ length: 300 }, (_, at) => {
        const [a, b, c] = Array.from(drawn.subarray(3 * at, 3 * at + 3), row);
        const near = naive[name](a, b);
        return Number(near > naive[name](a, c) && (directed || near > naive[name](b, c)));
      });
      t.deepEqual(Array.from(correctTriplets(rows, size, drawn, directed, name)), right, name);
      values.add(fractionCorrectOfTriplets(rows, size, drawn, directed, name));
    }
  t.true(values.size >= 5, 'the similarities differ');
});

test('a row of zeros is similar to none by cosine, which is no error', (t) => {
  const rows = Float32Array.of(1, 0, 0, 0, -1, 0);
  t.deepEqual(Array.from(correctTriplets(rows, 2, Int32Array.of(0, 1, 2, 0, 2, 1), true, 'cosine')), [1, 0]);
});
