import test from 'ava';
import { UsageError } from '../../src/errors.js';
import { retrieval } from '../../src/metrics/index.js';
import { RandomStream } from '../../src/random/stream.js';

/** The figures by their definitions, from a sorted list of all others. */
function naive(x: Float32Array, d: number, classes: number[], ks: number[]) {
  const distance = (i: number, j: number): number =>
    Array.from({ length: d }, (_, k) => (x[i * d + k] - x[j * d + k]) ** 2).reduce((sum, v) => sum + v, 0);
  const all = classes.map((_, i) => i);
  const queries = all.filter((i) => all.some((j) => j !== i && classes[j] === classes[i]));
  const lists = queries.map((i) => {
    const to = all.map((j) => distance(i, j));
    const others = all.filter((j) => j !== i).sort((a, b) => to[a] - to[b] || a - b);
    return others.map((j) => classes[j] === classes[i]);
  });
  const share = (k: number): number => lists.filter((list) => list.slice(0, k).includes(true)).length / queries.length;
  const precisionAt = (list: boolean[], i: number): number => list.slice(0, i).filter(Boolean).length / i;
  const averages = lists.map((list) => {
    const r = list.filter(Boolean).length;
    const terms = list.slice(0, r).map((right, i) => (right ? precisionAt(list, i + 1) : 0));
    return terms.reduce((sum, v) => sum + v, 0) / r;
  });
  return {
    recallAt: Object.fromEntries(ks.map((k) => [k, share(k)])),
    mapAtR: averages.reduce((sum, v) => sum + v, 0) / averages.length,
    queries: queries.length,
    alone: classes.length - queries.length,
  };
}

for (const [n, d, duplicates] of [
  [90, 4, 0],
  [140, 2, 50],
  [420, 60, 30], // more than plain JavaScript does
])
  test(`${n} rows of ${d}, ${duplicates} of them repeated: as by sorting`, (t) => {
    const stream = new RandomStream(4, n);
    const rows = new Float32Array(n * d);
    stream.fillNormal(rows, 0, 1);
    for (let i = 0; i < duplicates; i++) rows.copyWithin((n - 1 - i) * d, i * d, (i + 1) * d);
    const classes = Array.from({ length: n }, (_, i) => (i % 31 === 7 ? 100 + i : stream.integer(9)));
    const found = retrieval(rows, d, classes, { ks: [1, 3, 10] });
    const { mapAtR, ...others } = naive(rows, d, classes, [1, 3, 10]);
    t.deepEqual({ recallAt: found.recallAt, queries: found.queries, alone: found.alone }, others);
    t.true(Math.abs(found.mapAtR - mapAtR) < 1e-12);
    t.true(found.alone > 1 && found.recallAt[1] < found.recallAt[10]);
  });

test('equal rows: the first is the nearer one, and no row finds itself', (t) => {
  // all at one place: 0 finds 1, 2, 3; 1 and 2 find 0 first; 3 finds 0, 1
  const { recallAt, mapAtR } = retrieval(new Float32Array(4), 1, [1, 1, 2, 2], { ks: [1, 2, 3] });
  t.deepEqual(recallAt, { 1: 2 / 4, 2: 2 / 4, 3: 1 });
  t.is(mapAtR, 2 / 4);
});

test('an instance alone in its class is no query, and still stands in the way of others', (t) => {
  const rows = Float32Array.of(0, 1, 2.5, 100);
  const found = retrieval(rows, 1, [1, 2, 1, 3]); // 0 finds 1 first; 2 finds 1 first
  t.deepEqual(found, { recallAt: { 1: 0, 2: 1, 4: 1, 8: 1 }, mapAtR: 0, queries: 2, alone: 2 });
  t.is(retrieval(rows, 1, [1, 2, 3, 4]).mapAtR, NaN, 'nobody asks');
});

test('classes that do not fit, a k that is none', (t) => {
  const fails = (message: RegExp, classes: number[], ks?: number[]): void => {
    t.throws(() => retrieval(Float32Array.of(1, 2, 3), 1, classes, ks && { ks }), { instanceOf: UsageError, message });
  };
  fails(/^invalid classes: 2 for 3 embeddings; /, [1, 1]);
  fails(/^invalid k: 0; /, [1, 1, 1], [1, 0]);
});
