import { readFileSync } from 'node:fs';
import test from 'ava';
import fc from 'fast-check';
import { UsageError } from '../../src/errors.js';
import { PythonRandom } from '../../src/random/python-random.js';
import { python, pythonHas } from './python.js';

interface Case {
  seed: number;
  random: number[];
  getrandbits: (number | string)[];
  randrange: number[];
  shuffle20: number[];
  sample20of20: number[];
  sample5of1000: number[];
  sample300of400: number[];
  choice: number[];
}

const cases = JSON.parse(readFileSync('test/golden/python_random.json', 'utf8')) as Case[];

function range(n: number, first = 0): number[] {
  return Array.from({ length: n }, (_, i) => first + i);
}

for (const golden of cases)
  test(`seed ${golden.seed}: every draw is CPython's, one kind after the other`, (t) => {
    const random = new PythonRandom(golden.seed);
    t.deepEqual(
      golden.random.map(() => random.random()),
      golden.random,
    );
    t.deepEqual(
      [1, 5, 31, 32, 53].map((k) => random.getrandbits(k)),
      golden.getrandbits.map(Number),
    );
    t.deepEqual(
      [1, 2, 7, 1000, 10 ** 9].map((n) => random.randrange(n)),
      golden.randrange,
    );
    const shuffled = range(20);
    random.shuffle(shuffled);
    t.deepEqual(shuffled, golden.shuffle20);
    t.deepEqual(random.permutation(range(20)), golden.sample20of20);
    t.deepEqual(random.sample(range(1000), 5), golden.sample5of1000);
    t.deepEqual([...random.sampleIndexes(400, 300)], golden.sample300of400);
    t.deepEqual(
      golden.choice.map(() => random.choice(range(7, 10))),
      golden.choice,
    );
  });

(pythonHas('random') ? test : test.skip)('against python3 (skipped without it): many seeds, sizes and ranges', (t) => {
  const seeds = [0, 1, -1, 7, 2 ** 32 - 1, 2 ** 32, -(2 ** 40) - 5, Number.MAX_SAFE_INTEGER];

  const samples = [
    [0, 0],
    [1, 0],
    [1, 1],
    [21, 5],
    [22, 5],
    [22, 3],
    [21, 6],
    [85, 6],
    [86, 6],
    [85, 21],
    [86, 21],
    [86, 22],
    [277, 22],
    [278, 22],
    [278, 85],
    [1045, 85],
    [1046, 85],
    [1046, 86],
    [5000, 1365],
    [5000, 1366],
    [30000, 30000],
    [200000, 300],
  ];
  const ranges = [1, 2, 3, 1024, 2 ** 31 - 1, 2 ** 31, 2 ** 31 + 1, 2 ** 32, 2 ** 32 + 1, 2 ** 40, 2 ** 53 - 1];
  const bits = range(54);
  const expected = python(
    `import random
answer = []
for seed in given['seeds']:
    r = random.Random(seed)
    shuffled = list(range(3000)); r.shuffle(shuffled)
    answer.append([r.random(), [r.getrandbits(k) for k in given['bits']], [r.randrange(n) for n in given['ranges']],
        [r.sample(range(n), k) for n, k in given['samples']], shuffled, list(r.getstate()[1])])`,
    { seeds, samples, ranges, bits },
  );
  const actual = seeds.map((seed) => {
    const random = new PythonRandom(seed);
    const shuffled = Int32Array.from(range(3000));
    random.shuffle(shuffled);
    return [
      random.random(),
      bits.map((k) => random.getrandbits(k)),
      ranges.map((n) => random.randrange(n)),
      samples.map(([n, k]) => [...random.sampleIndexes(n, k)]),
      [...shuffled],
      [...random.state()],
    ];
  });
  // As strings: a failing comparison of so many numbers would take minutes to print.
  t.true(JSON.stringify(actual) === JSON.stringify(expected));
});

test('a sample has k different members of the pool, and sampleIndexes makes the same draws', (t) => {
  fc.assert(
    fc.property(
      fc.integer(),
      fc.integer({ min: 0, max: 400 }),
      fc.double({ min: 0, max: 1, noNaN: true }),
      (seed, n, part) => {
        const k = Math.floor(part * n);
        const pool = range(n, 1000).map(String);
        const sample = new PythonRandom(seed).sample(pool, k);
        const indexes = new PythonRandom(seed).sampleIndexes(n, k);
        t.deepEqual(
          sample,
          [...indexes].map((i) => pool[i]),
        );
        t.is(new Set(sample).size, k);
      },
    ),
  );
});

test('a restored state goes on with the same draws', (t) => {
  const random = new PythonRandom(3);
  random.sampleIndexes(1000, 1000);
  const state = random.state();
  const expected = random.permutation(range(500));
  const other = new PythonRandom(4);
  other.restore(state);
  t.deepEqual(other.permutation(range(500)), expected);
});

test('what cannot be drawn is refused in one line', (t) => {
  const random = new PythonRandom(0);
  const before = random.state();
  for (const [attempt, message] of [
    [() => new PythonRandom(0.5), 'invalid seed: 0.5; give an integer below 2^53'],
    [() => new PythonRandom(2 ** 53), 'invalid seed: 9007199254740992; give an integer below 2^53'],
    [() => random.sample([1, 2], 3), 'invalid sample: 3 of 2; give 0 to 2'],
    [() => random.sampleIndexes(2, -1), 'invalid sample: -1 of 2; give 0 to 2'],
    [() => random.randrange(0), 'invalid range: 0; give an integer of at least 1'],
    [() => random.getrandbits(54), 'invalid bits: 54; give 0 to 53'],
    [() => random.choice([]), 'invalid choice: nothing to choose from; give at least one element'],
  ] as const)
    t.throws(attempt, { instanceOf: UsageError, message });
  t.deepEqual(random.state(), before);
});
