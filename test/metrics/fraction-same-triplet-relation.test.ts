import test from 'ava';
import { UsageError } from '../../src/errors.js';
import { fractionSameTripletRelation, tripletRelation } from '../../src/metrics/index.js';
import { NumpyRandom } from '../../src/random/index.js';
import { RandomStream } from '../../src/random/stream.js';
import { python, pythonHas } from '../random/python.js';

function normal(length: number, name: string): Float32Array {
  const rows = new Float32Array(length);
  new RandomStream(1, name).fillNormal(rows, 0, 0.3);
  return rows;
}

/** The definition in float64, with the share of triplets whose sign float64 and float32 may see differently. */
function naive(e: Float32Array, size: number, data: Float32Array, count: number, length: number, triplets: number) {
  const n = e.length / size;
  const drawn = new NumpyRandom(0).choice(n, 3 * triplets);
  const distance = (x: Float32Array, a: number, b: number, d: number): number =>
    Math.sqrt(Array.from({ length: d }, (_, k) => (x[a + k] - x[b + k]) ** 2).reduce((sum, v) => sum + v, 0));
  const result = { all: [0, 0], decided: [0, 0] };
  for (let t = 0; t < triplets; t++) {
    const [i, j, k] = [drawn[t], drawn[triplets + t], drawn[2 * triplets + t]];
    let x = 0;
    for (let m = 0; m < count; m++) {
      const at = (row: number): number => (row * count + m) * length;
      x += (distance(data, at(i), at(k), length) - distance(data, at(i), at(j), length)) / count;
    }
    const y = distance(e, i * size, k * size, size) - distance(e, i * size, j * size, size);
    const same = Number(x * y > 0);
    if (x !== 0) result.all = [result.all[0] + same, result.all[1] + 1];
    if (Math.abs(x) > 0.2) result.decided = [result.decided[0] + same, result.decided[1] + 1];
  }
  return { all: result.all[0] / result.all[1], decided: result.decided[0] / result.decided[1] };
}

for (const [n, size, count, length, triplets] of [
  [40, 5, 3, 4, 20000],
  [300, 16, 1, 9, 20000], // more pairs than distances: one by one
  [90, 150, 2, 300, 5000],
] as const)
  test(`${n} rows of ${size}, ${count} teachers of ${length}: as the definition in float64`, (t) => {
    const [e, data] = [normal(n * size, 'student'), normal(n * count * length, 'teachers')];
    const expected = naive(e, size, data, count, length, triplets);
    const teachers = { data, count, size: length };
    const near = (a: number, b: number): void => {
      t.true(Math.abs(a - b) <= 3 / triplets, `${a} and ${b}`); // float32 may round a sign or two away
    };
    near(fractionSameTripletRelation(e, size, teachers, { triplets }), expected.all);
    near(fractionSameTripletRelation(e, size, teachers, { triplets, thresholded: true }), expected.decided);
    t.not(expected.all, expected.decided);
  });

test('every sign as numpy has it in float32', (t) => {
  if (!pythonHas('numpy')) {
    t.log('python3-numpy is not installed');
    t.pass();
    return;
  }
  // steps of 1/64 make many distances equal in truth, so that the order of float32 sums decides
  const coarse = (length: number, name: string): Float32Array =>
    normal(length, name).map((v) => Math.round(v * 9) / 13);
  for (const [n, size, count, length] of [
    [60, 6, 3, 13],
    [700, 33, 2, 7],
    [50, 260, 5, 129],
  ]) {
    const [e, data] = [coarse(n * size, 'student'), coarse(n * count * length, 'teachers')];
    const program = `
import numpy as np
e = np.array(given["e"], dtype=np.float32).reshape(given["n"], -1)
s = np.array(given["data"], dtype=np.float32).reshape(given["n"], given["count"], -1)
i, j, k = np.random.RandomState(0).choice(given["n"], 60000).reshape(3, -1)
norm = lambda a, b: np.linalg.norm(a - b, axis=1)
x = np.mean([norm(s[i, m], s[k, m]) - norm(s[i, m], s[j, m]) for m in range(given["count"])], axis=0)
y = norm(e[i], e[k]) - norm(e[i], e[j])
same = ((x > 0) & (y > 0)) | ((x < 0) & (y < 0))
decided = (x > 0.2) | (x < -0.2)
answer = [int(same.sum()) / int((x != 0).sum()), int((same & decided).sum()) / int(decided.sum())]`;
    const answer = python(program, { e: Array.from(e), data: Array.from(data), n, count }) as number[];
    const relation = (thresholded: boolean): number =>
      tripletRelation({ data, count, size: length }, { triplets: 20000, thresholded })(e, size);
    [relation(false), relation(true)].forEach((value, at) => {
      t.true(Math.abs(value - answer[at]) < 1e-9, `${value} and numpy's ${answer[at]}`);
    });
  }
});

test('teachers who see no difference, one row, rows that do not fit', (t) => {
  const e = normal(40, 'student');
  const equal = { data: new Float32Array(30).fill(0.5), count: 1, size: 3 };
  t.is(fractionSameTripletRelation(e, 4, equal, { triplets: 100 }), 0);
  t.is(fractionSameTripletRelation(Float32Array.of(1, 2), 2, { data: Float32Array.of(1), count: 1, size: 1 }), 0);
  const same = { data: e, count: 1, size: 4 };
  t.true(fractionSameTripletRelation(e, 4, same, { triplets: 100 }) > 1 - 1e-9, 'with itself');
  const fails = (work: () => unknown, message: RegExp): void => {
    t.throws(work, { instanceOf: UsageError, message });
  };
  fails(() => fractionSameTripletRelation(e.subarray(4), 4, equal), /^invalid teachers: 10 rows for 9 embeddings; /);
  fails(() => tripletRelation({ data: new Float32Array(0), count: 1, size: 3 }), /^invalid teachers: 0 rows; /);
});
