import { readFileSync } from 'node:fs';
import test from 'ava';
import { UsageError } from '../../src/errors.js';
import { NumpyRandom } from '../../src/random/numpy-random.js';
import { python, pythonHas } from './python.js';

interface Case {
  readonly metric: string;
  readonly numRandomTriplets: number;
  readonly first_indexes: number[][];
  readonly embeddings: number[][];
}

test('the indexes that the reference drew', (t) => {
  const cases = (JSON.parse(readFileSync('test/golden/metrics.json', 'utf8')) as Case[]).filter(
    ({ metric }) => metric === 'fraction_same_triplet_relation',
  );
  t.true(cases.length > 0);
  for (const { numRandomTriplets: count, first_indexes, embeddings } of cases) {
    const drawn = new NumpyRandom(0).choice(embeddings.length, 3 * count);
    first_indexes.forEach((third, i) => {
      t.deepEqual(Array.from(drawn.subarray(i * count, i * count + third.length)), third);
    });
  }
});

test('RandomState(seed).choice, one after the other', (t) => {
  // numpy 1.24: RandomState(0).choice(10, 10), the first numbers of many a tutorial
  t.deepEqual(Array.from(new NumpyRandom(0).choice(10, 10)), [5, 0, 3, 3, 7, 9, 3, 5, 2, 4]);
  if (!pythonHas('numpy')) {
    t.log('python3-numpy is not installed: fewer draws compared');
    return;
  }
  const ranges = [1, 2, 3, 7, 64, 65, 1000, 5221, 2 ** 20, 2 ** 31 - 1, 2 ** 31];
  for (const seed of [0, 1, 1234567, 2 ** 32 - 1]) {
    const program = `
import numpy
state = numpy.random.RandomState(given["seed"])
answer = [state.choice(n, 500).tolist() for n in given["ranges"]]`;
    const random = new NumpyRandom(seed);
    t.deepEqual(
      ranges.map((n) => Array.from(random.choice(n, 500))),
      python(program, { seed, ranges }) as number[][],
    );
  }
});

test('a seed or a range that numpy would refuse', (t) => {
  for (const seed of [-1, 2 ** 32, 1.5, NaN]) t.throws(() => new NumpyRandom(seed), { instanceOf: UsageError });
  for (const n of [0, -1, 2 ** 31 + 1, 1.5])
    t.throws(() => new NumpyRandom(0).choice(n, 3), { instanceOf: UsageError, message: /^invalid range: / });
});
