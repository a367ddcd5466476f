import test from 'ava';
import fc from 'fast-check';
import { UsageError } from '../../src/errors.js';
import { PythonRandom } from '../../src/random/python-random.js';
import { pythonSetOrder } from '../../src/random/python-set.js';
import { python, pythonHas } from './python.js';

// What CPython 3.11 prints for list(set(...)) of the left side.
// prettier-ignore
const literals: [number[], number[]][] = [
  [[], []],
  [[5, 3, 5, 1], [1, 3, 5]],
  [[8, 0], [8, 0]],
  [[0, 8], [0, 8]],
  [[15, 7, 23], [7, 23, 15]],
  [[40, 31, 17, 8], [40, 17, 8, 31]],
  [[1000, 64, 32, 96, 0, 128], [0, 32, 64, 96, 128, 1000]],
];

for (const [values, order] of literals)
  test(`set([${values.join(', ')}])`, (t) => {
    t.deepEqual([...pythonSetOrder(values)], order);
  });

(pythonHas('json') ? test : test.skip)('against python3 (skipped without it): random sets of up to 60,000', (t) => {
  const random = new PythonRandom(0);
  const sets: number[][] = [];

  const sizes = [
    [3, 8],
    [4, 100],
    [5, 32],
    [6, 2 ** 31 - 1],
    [20, 1000],
    [77, 5000],
    [78, 5000],
    [200, 1000],
    [307, 400],
    [600, 1000],
    [800, 1000],
    [1000, 50000],
    [3000, 2 ** 20],
    [20000, 30000],
    [50000, 2 ** 31 - 1],
    [60000, 90000],
    [60000, 2 ** 31 - 1],
  ];
  for (const [size, largest] of sizes)
    for (let repeat = 0; repeat < 3; repeat++) sets.push(Array.from({ length: size }, () => random.below(largest)));
  for (let size = 1; size < 400; size++) sets.push([...random.sampleIndexes(1000, size)]);
  const expected = python('answer = [list(set(values)) for values in given]', sets);
  t.deepEqual(
    sets.map((values) => [...pythonSetOrder(values)]),
    expected,
  );
});

test('every distinct value comes once', (t) => {
  fc.assert(
    fc.property(fc.array(fc.nat()), (values) => {
      const ascending = [...new Set(values)].sort((a, b) => a - b);
      t.deepEqual([...pythonSetOrder(values).sort()], ascending);
    }),
  );
});

test('all integers below n come in ascending order, however inserted', (t) => {
  for (const n of [1, 8, 100, 1854]) {
    const order = new PythonRandom(n).sampleIndexes(n, n);
    t.deepEqual(
      [...pythonSetOrder(order)],
      Array.from(order).sort((a, b) => a - b),
    );
  }
});

test('what is no index is refused', (t) => {
  for (const value of [-1, 0.5, 2 ** 31, NaN])
    t.throws(() => pythonSetOrder([value]), {
      instanceOf: UsageError,
      message: `invalid set member: ${value}; give integers from 0 to 2147483647`,
    });
});
