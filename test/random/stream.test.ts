import test from 'ava';
import { UsageError } from '../../src/errors.js';
import { RandomStream } from '../../src/random/stream.js';
import { python, pythonHas } from './python.js';

const count = 200_000;

function mean(values: ArrayLike<number>): number {
  let sum = 0;
  for (let i = 0; i < values.length; i++) sum += values[i];
  return sum / values.length;
}

/** Mean of z^power for standardised values: 0, 1, 0, 3 for the normal distribution. */
function moments(values: Float64Array): number[] {
  return [1, 2, 3, 4].map((power) => mean(values.map((z) => z ** power)));
}

function correlation(a: Float64Array, b: Float64Array): number {
  const [ma, mb] = [mean(a), mean(b)];
  const covariance = mean(a.map((x, i) => (x - ma) * (b[i] - mb)));
  return covariance / Math.sqrt(mean(a.map((x) => (x - ma) ** 2)) * mean(b.map((x) => (x - mb) ** 2)));
}

function uniforms(stream: RandomStream): Float64Array {
  return new Float64Array(count).map(() => stream.uniform());
}

test('a seed and names mean the same numbers for ever', (t) => {
  // Changing these would change every run that was ever recorded.
  const stream = new RandomStream(0, 'init');
  t.deepEqual(
    [stream.uniform(), stream.integer(1000), stream.normal()],
    [0.14545538459285945, 181, 0.23370944367522484],
  );
});

(pythonHas('hashlib') ? test : test.skip)("against python3 (skipped without it): the key is SHA-256's", (t) => {
  // An integer of eight words is CPython's way to say init_by_array(words).
  const expected = python(
    `import hashlib, random
r = random.Random(int.from_bytes(hashlib.sha256(json.dumps(given, separators=(',', ':')).encode()).digest(), 'little'))
answer = [r.random() for _ in range(4)]`,
    [42, 'augmentation', 3],
  );
  const stream = new RandomStream(42, 'augmentation', 3);
  t.deepEqual(
    Array.from({ length: 4 }, () => stream.uniform()),
    expected,
  );
});

test('seeds and names, their number, order, type and borders all count', (t) => {
  const streams = [
    new RandomStream(0),
    new RandomStream(1),
    new RandomStream(0, 'init'),
    new RandomStream(0, 'shuffle'),
    new RandomStream(0, 'init', 0),
    new RandomStream(0, 'init', 1),
    new RandomStream(0, 'init', '1'),
    new RandomStream(0, 1, 'init'),
    new RandomStream(0, 'init1'),
    new RandomStream(0, 'i', 'nit'),
  ].map(uniforms);
  for (const [i, a] of streams.entries())
    for (const b of streams.slice(0, i)) {
      t.not(a[0], b[0]);
      t.true(Math.abs(correlation(a, b)) < 5 / Math.sqrt(count));
    }
});

test('uniform is uniform', (t) => {
  const values = uniforms(new RandomStream(5));
  t.true(values.every((x) => x >= 0 && x < 1));
  t.true(Math.abs(mean(values) - 1 / 2) < 0.005);
  t.true(Math.abs(mean(values.map((x) => (x - 1 / 2) ** 2)) - 1 / 12) < 0.002);
});

test('normal and fillNormal have the moments of the normal distribution', (t) => {
  const stream = new RandomStream(6);
  const filled = new Float32Array(count);
  stream.fillNormal(filled, 0.5, 0.2);
  for (const values of [
    new Float64Array(count).map(() => stream.normal()),
    Float64Array.from(filled, (x) => (x - 0.5) / 0.2),
  ]) {
    const [first, second, third, fourth] = moments(values);
    t.true(Math.abs(first) < 0.01);
    t.true(Math.abs(second - 1) < 0.015);
    t.true(Math.abs(third) < 0.03);
    t.true(Math.abs(fourth - 3) < 0.12);
    t.true(Math.abs(mean(values.map((z) => Number(Math.abs(z) < 1))) - 0.6826895) < 0.005);
  }
  // Neighbours come from one pair: they must not be correlated all the same.
  const pairs = Float64Array.from(filled);
  t.true(
    Math.abs(
      correlation(
        pairs.filter((_, i) => i % 2 === 0),
        pairs.filter((_, i) => i % 2 === 1),
      ),
    ) < 0.02,
  );
});

test('integer and permutation give every value its share', (t) => {
  const stream = new RandomStream(7);
  const counts = new Int32Array(6);
  for (let i = 0; i < 60_000; i++) counts[stream.integer(6)]++;
  t.true(counts.every((times) => Math.abs(times - 10_000) < 500));
  const orders = new Map<string, number>();
  for (let i = 0; i < 24_000; i++) {
    const order = stream.permutation(4).join('');
    orders.set(order, (orders.get(order) ?? 0) + 1);
  }
  t.is(orders.size, 24);
  t.true([...orders.values()].every((times) => Math.abs(times - 1000) < 160));
  t.deepEqual([...stream.permutation(0)], []);
  t.deepEqual(
    [...stream.permutation(1000)].sort((a, b) => a - b),
    Array.from({ length: 1000 }, (_, i) => i),
  );
});

test('a restored state goes on as the original does', (t) => {
  const stream = new RandomStream(8, 'a');
  stream.fillNormal(new Float32Array(7), 0, 1);
  const state = stream.state();
  const expected = [stream.normal(), stream.uniform(), stream.integer(9)];
  const other = new RandomStream(9, 'b');
  other.restore(state);
  t.deepEqual([other.normal(), other.uniform(), other.integer(9)], expected);
});

test('what cannot be drawn is refused', (t) => {
  t.throws(() => new RandomStream(1.5), {
    instanceOf: UsageError,
    message: 'invalid seed: 1.5; give an integer below 2^53',
  });
  for (const n of [0, -1, 2.5, 2 ** 31])
    t.throws(() => new RandomStream(0).integer(n), {
      instanceOf: UsageError,
      message: `invalid range: ${n}; give an integer from 1 to 2147483647`,
    });
});
