import test from 'ava';
import { findNeighbors, type NeighborOptions } from '../../src/neighbors/find-neighbors.js';
import { usesRelaxedSimd } from '../../src/engine/wasm/relaxed-simd.js';
import * as layout from '../../src/neighbors/memory-layout.js';
import { NeighborPool } from '../../src/neighbors/neighbor-pool.js';
import { UsageError } from '../../src/errors.js';
import { RandomStream } from '../../src/random/stream.js';

const range = (n: number): number[] => Array.from({ length: n }, (_, i) => i);

/** The definition: all values in float64; of those up to the k-th, sorted by value, then by index. */
function naive(x: Float32Array, size: number, options: NeighborOptions, only?: readonly number[]) {
  const n = x.length / size;
  const { k = 1, excludeSelf = true, product = false } = options;
  const queries = Array.from(options.queries ?? range(n));
  const among = [...new Set(Array.from(options.among ?? range(n)))];
  return (only ?? range(queries.length)).map((q) => {
    const i = queries[q];
    const others = among.filter((j) => !(excludeSelf && j === i));
    const values = new Float64Array(others.length);
    others.forEach((j, at) => {
      let value = 0;
      if (product) for (let c = 0; c < size; c++) value -= x[i * size + c] * x[j * size + c];
      else for (let c = 0; c < size; c++) value += (x[i * size + c] - x[j * size + c]) ** 2;
      values[at] = value;
    });
    const last = values.toSorted()[k - 1];
    return others
      .flatMap((j, at) => (values[at] <= last ? [{ j, value: values[at] }] : []))
      .sort((a, b) => a.value - b.value || a.j - b.j)
      .slice(0, k);
  });
}

const NARROW_PAIRS = -1; // stands for KIND_PAIRS with rows of int7 and int8

/** Kinds of jobs that the kernels did. */
function watched<T>(work: () => T): { result: T; kinds: Set<number> } {
  const kinds = new Set<number>();
  const { run, set } = NeighborPool.prototype;
  let narrow = 0;
  NeighborPool.prototype.set = function (field, value) {
    if (field === layout.JOB_NARROW) narrow = value;
    set.call(this, field, value);
  };
  NeighborPool.prototype.run = function (kind, count) {
    kinds.add(narrow && kind === layout.KIND_PAIRS ? NARROW_PAIRS : kind);
    run.call(this, kind, count);
  };
  try {
    return { result: work(), kinds };
  } finally {
    Object.assign(NeighborPool.prototype, { run, set });
  }
}

interface Case {
  readonly rows: Float32Array;
  readonly size: number;
  readonly options?: NeighborOptions;
  /** How many queries to compare; all by default. */
  readonly compared?: number;
  /** Kinds of jobs that must have been done. */
  readonly kinds?: readonly number[];
}

const same = test.macro((t, make: () => Case) => {
  const { rows, size, options = {}, compared, kinds: wanted = [] } = make();
  const k = options.k ?? 1;
  const count = options.queries?.length ?? rows.length / size;
  const asked = compared ?? count;
  const only = range(asked).map((q) => Math.floor((q * count) / asked));
  const expected = naive(rows, size, options, only);
  for (const threads of [1, 3]) {
    const { result, kinds } = watched(() => findNeighbors(rows, size, { ...options, threads }));
    t.is(result.indexes.length, count * k);
    only.forEach((q, at) => {
      const found = Array.from(result.indexes.subarray(q * k, (q + 1) * k));
      const values = result.values.subarray(q * k, (q + 1) * k);
      if (found.join() !== expected[at].map(({ j }) => j).join())
        t.deepEqual(found, expected[at].map(({ j }) => j), `neighbours of query ${q}, ${threads} threads`); // prettier-ignore
      const off = expected[at].findIndex(({ value }, r) => !(Math.abs(values[r] - value) <= 1e-12 * Math.abs(value) + 1e-300)); // prettier-ignore
      if (off >= 0) t.is(values[off], expected[at][off].value);
    });
    for (const kind of wanted) {
      const done = kind === NARROW_PAIRS && !usesRelaxedSimd() ? layout.KIND_PAIRS : kind;
      t.true(kinds.has(done), `kind ${done} of ${[...kinds].join()}`);
    }
  }
});

function normal(n: number, size: number, scale: (row: number, stream: RandomStream) => number = () => 1): Float32Array {
  const stream = new RandomStream(7, n, size);
  const rows = new Float32Array(n * size);
  stream.fillNormal(rows, 0, 1);
  for (let i = 0; i < n; i++) {
    const factor = scale(i, stream);
    for (let c = 0; c < size; c++) rows[i * size + c] *= factor;
  }
  return rows;
}

/** Rows around centres, the first ones, at a distance of about `noise` times sqrt(size). */
function clustered(n: number, size: number, clusters: number, noise: number): Float32Array {
  const rows = normal(n, size);
  const centers = rows.slice(0, clusters * size);
  return rows.map((value, at) => centers[at % (clusters * size)] + noise * value);
}

const { KIND_PAIRS, KIND_SCORES, KIND_SCAN, KIND_MEASURE, KIND_CHECK } = layout;

test('random rows', same, () => ({ rows: normal(1203, 19), size: 19, kinds: [KIND_PAIRS, KIND_CHECK] }));
test('several neighbours', same, () => ({ rows: normal(1203, 19), size: 19, options: { k: 7 } }));
test('more than the lists hold', same, () => ({ rows: normal(1000, 9), size: 9, options: { k: 300 } }));
test('all others', same, () => ({ rows: normal(1000, 9), size: 9, options: { k: 999 }, compared: 50 }));
test('nearly all others of many', same, () => ({ rows: normal(2500, 140), size: 140, options: { k: 2100, queries: range(30) }, kinds: [KIND_SCAN] })); // prettier-ignore
test('plain JavaScript for few rows', same, () => ({ rows: normal(60, 5), size: 5, options: { k: 3 } }));
test('one column', same, () => ({ rows: normal(3001, 1), size: 1, options: { k: 2 } }));
test('by product', same, () => ({ rows: normal(1203, 19), size: 19, options: { k: 3, product: true } }));
test('many rows are probed', same, () => ({ rows: normal(4500, 6), size: 6, compared: 400, kinds: [KIND_SCORES] }));

test('many columns', same, () => ({ rows: normal(4200, 150), size: 150, options: { k: 2 }, compared: 100, kinds: [NARROW_PAIRS] })); // prettier-ignore
test('many columns, by product', same, () => ({ rows: normal(4200, 150), size: 150, options: { k: 2, product: true }, compared: 100, kinds: [NARROW_PAIRS] })); // prettier-ignore
test('rows of which some have none near, and zeros', same, () => {
  const rows = normal(4500, 20, (row) => (row % 45 === 0 ? 30 : 1));
  rows.fill(0, 20, 60);
  return { rows, size: 20, compared: 500, kinds: [NARROW_PAIRS, KIND_SCORES] };
});
test('one column that dominates', same, () => ({ rows: normal(4500, 40).map((value, at) => (at % 40 === 7 ? 1e4 * value : value)), size: 40, options: { k: 3 }, compared: 200 })); // prettier-ignore
test('rows that differ in sign alone', same, () => ({ rows: normal(4500, 70).map((value, at) => (Math.floor(at / 70) % 2 ? 5 : -5) + 0.1 * value), size: 70, options: { k: 2 }, compared: 100 })); // prettier-ignore

test('duplicates, the first first', same, () => {
  const [rows, size] = [normal(2000, 8), 8];
  for (let i = 300; i < 2000; i++) rows.copyWithin(i * size, (i % 300) * size, (i % 300 + 1) * size); // prettier-ignore
  return { rows, size, options: { k: 9 } };
});
test('duplicates by product', same, () => {
  const [rows, size] = [normal(2000, 8), 8];
  for (let i = 300; i < 2000; i++) rows.copyWithin(i * size, (i % 300) * size, (i % 300 + 1) * size); // prettier-ignore
  return { rows, size, options: { k: 4, product: true } };
});
test('all rows equal', same, () => ({ rows: new Float32Array(1500 * 8).fill(0.3), size: 8, options: { k: 3 } }));
test('two different rows', same, () => ({ rows: Float32Array.from({ length: 12000 }, (_, at) => Math.floor(at / 8) % 2), size: 8, options: { k: 3 } })); // prettier-ignore
test('0 and -0 are equal', same, () => ({ rows: Float32Array.from({ length: 12000 }, (_, at) => (at % 3 === 0 ? -0 : 0)), size: 8, options: { k: 2 } })); // prettier-ignore
test('ties of codes of bits', same, () => ({ rows: normal(2500, 14).map((value) => Number(value > 0)), size: 14, options: { k: 6 }, compared: 500 })); // prettier-ignore
test('ties of integers by product', same, () => ({ rows: normal(2500, 4).map((value) => Math.round(4 * value)), size: 4, options: { k: 6, product: true }, compared: 500 })); // prettier-ignore

test('collapsed to a point but for the last bits', same, () => ({ rows: normal(1500, 12).map((value) => 1 + 3e-7 * value), size: 12, options: { k: 2 } })); // prettier-ignore
test('collapsed near a point', same, () => ({ rows: normal(1500, 12).map((value) => 1 + 1e-4 * value), size: 12, options: { k: 2 } })); // prettier-ignore
test('near a point, by product', same, () => ({ rows: normal(1500, 12).map((value) => 1 + 1e-4 * value), size: 12, options: { k: 2, product: true } })); // prettier-ignore
test('tight clusters', same, () => ({ rows: clustered(6000, 8, 12, 1e-5), size: 8, options: { k: 2 }, compared: 300, kinds: [KIND_MEASURE] })); // prettier-ignore
test('tight clusters, by product', same, () => ({ rows: clustered(6000, 8, 12, 1e-5), size: 8, options: { k: 2, product: true }, compared: 300, kinds: [KIND_MEASURE] })); // prettier-ignore
test('tight clusters smaller than k among larger ones', same, () => {
  const rows = clustered(6000, 8, 5, 1e-5);
  rows.set(clustered(4, 8, 1, 1e-6).map((value) => value + 20));
  return { rows, size: 8, options: { k: 5 }, compared: 600 };
});
test('many tight clusters', same, () => ({ rows: clustered(5000, 8, 250, 1e-5), size: 8, options: { k: 3 }, compared: 300 })); // prettier-ignore
test('pairs of tight clusters', same, () => {
  const rows = clustered(5000, 8, 40, 1e-6);
  for (let at = 0; at < rows.length; at++) if (Math.floor(at / 320) % 2 === 1) rows[at] += 2e-5;
  return { rows, size: 8, compared: 300 };
});

test('huge norms', same, () => ({ rows: normal(1500, 8).map((value) => 3e37 * value), size: 8, options: { k: 2 } }));
test('tiny norms', same, () => ({ rows: normal(1500, 8).map((value) => 1e-40 * value), size: 8, options: { k: 2 } }));
test('norms of all sizes', same, () => ({ rows: normal(5000, 8, (_, stream) => Math.exp(6 * stream.normal())), size: 8, options: { k: 2 }, compared: 400 })); // prettier-ignore
test('norms of all sizes, by product', same, () => ({ rows: normal(5000, 8, (_, stream) => Math.exp(6 * stream.normal())), size: 8, options: { k: 2, product: true }, compared: 400, kinds: [KIND_SCAN] })); // prettier-ignore
test('a few rows far out', same, () => ({ rows: normal(1500, 8, (row) => (row % 500 === 3 ? 1e6 : 1)), size: 8 }));
test('one row far beyond the square root of the largest number', same, () => ({ rows: normal(1500, 8, (row) => (row === 3 ? 1e30 : 1)), size: 8 })); // prettier-ignore
test('nearly one row far beyond, by product', same, () => ({ rows: normal(1500, 8, (row) => (row === 3 ? 1e30 : 1)), size: 8, options: { product: true } })); // prettier-ignore
test('one-hot rows', same, () => ({ rows: Float32Array.from({ length: 1500 * 40 }, (_, at) => Number(at % 40 === Math.floor(at / 40) % 40) * (1 + Math.floor(at / 1600))), size: 40, options: { k: 2 } })); // prettier-ignore

test('some queries among some', same, () => {
  const stream = new RandomStream(3, 'some');
  const pick = (count: number): number[] => range(count).map(() => stream.integer(3000));
  return { rows: clustered(3000, 10, 90, 0.01), size: 10, options: { k: 4, queries: pick(700), among: pick(1500) } };
});
test('queries and neighbours of which some are equal', same, () => {
  const rows = clustered(3000, 10, 90, 0);
  for (let i = 0; i < 3000; i += 2) rows[i * 10] += i; // every other row is one of 90
  return { rows, size: 10, options: { k: 4, queries: range(3000).reverse(), among: range(2000).map((i) => i + 1000) } };
});
test('few may be neighbours', same, () => ({ rows: normal(9000, 10), size: 10, options: { k: 3, among: range(100) }, compared: 500 })); // prettier-ignore
test('each itself too', same, () => {
  const [rows, size] = [normal(2000, 8), 8];
  for (let i = 0; i < 1000; i += 3) rows.copyWithin((i + 1000) * size, i * size, (i + 1) * size);
  return { rows, size, options: { k: 2, excludeSelf: false } };
});
test('itself by product, where others are longer', same, () => ({ rows: normal(2000, 8), size: 8, options: { k: 2, excludeSelf: false, product: true } })); // prettier-ignore

test('numbers that are none, items that are none, too many neighbours', (t) => {
  const rows = normal(50, 4);
  const fails = (pattern: RegExp, changed: Float32Array, options: NeighborOptions = {}, size = 4): void => {
    t.regex(t.throws(() => findNeighbors(changed, size, options), { instanceOf: UsageError }).message, pattern);
  };
  const withValue = (value: number): Float32Array => rows.map((old, at) => (at === 41 ? value : old));
  fails(/^invalid embedding: NaN in row 10; /, withValue(NaN));
  fails(/^invalid embedding: Infinity in row 10; /, withValue(Infinity));
  fails(/^invalid item: 50 in queries; there are 50/, rows, { queries: [50] });
  fails(/^invalid item: 1.5 in among; /, rows, { among: [1.5] });
  fails(/^invalid k: 50; give at most 49, /, rows, { k: 50 });
  fails(/^invalid k: 0; /, rows, { k: 0 });
  fails(/^invalid k: 1; there is no other item, give more$/, rows.slice(0, 4));
  fails(/^invalid k: 2; give at most 1, /, rows, { k: 2, queries: [3], among: [3, 4] });
  fails(/^invalid embedding size: 3 for 200 numbers; /, rows, {}, 3);
  t.is(findNeighbors(rows, 4, { k: 50, excludeSelf: false }).indexes.length, 2500);
  t.is(findNeighbors(rows, 4, { queries: [] }).indexes.length, 0);
});
