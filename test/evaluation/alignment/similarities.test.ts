import test from 'ava';
import { rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { UsageError } from '../../../src/errors.js';
import { noiseCeiling, representationalSimilarity } from '../../../src/evaluation/index.js';
import { readSimilarities } from '../../../src/evaluation/alignment/similarity-matrix.js';
import { encodeNpy } from '../../../src/formats/npy.js';
import { temporaryFolder } from '../../command-line.js';
import { normal } from './probe-data.js';

const folder = temporaryFolder();
test.after.always(() => {
  rmSync(folder, { recursive: true, force: true });
});

/** Spearman by counting: a rank is how many are less, and half of the equal ones. */
function naiveSpearman(x: number[], y: number[]): number {
  const ranks = (of: number[]): number[] =>
    of.map((v) => of.filter((w) => w < v).length + of.filter((w) => w === v).length / 2);
  const [a, b] = [ranks(x), ranks(y)];
  const middle = x.length / 2;
  const sum = (f: (i: number) => number): number => a.reduce((total, _, i) => total + f(i), 0);
  const product = sum((i) => (a[i] - middle) * (b[i] - middle));
  return product / Math.sqrt(sum((i) => (a[i] - middle) ** 2) * sum((i) => (b[i] - middle) ** 2));
}

/** People who count, coarsely, how near things on a line are: many ties. */
function people(n: number, count: number): number[][][] {
  return Array.from({ length: count }, (_, person) => {
    const error = normal(n * n, 'person', String(person));
    return Array.from({ length: n }, (_, i) =>
      Array.from({ length: n }, (_, j) => {
        const [a, b] = [Math.min(i, j), Math.max(i, j)];
        return i === j ? 9 : 8 - Math.min(8, Math.round((b - a) / 2 + Math.abs(error[a * n + b])));
      }),
    );
  });
}

const upper = (matrix: number[][]): number[] => matrix.flatMap((row, i) => row.slice(i + 1));
const mean = (values: number[]): number => values.reduce((sum, v) => sum + v, 0) / values.length;

test('correlations with people and their noise ceiling, as by counting', (t) => {
  const [n, size] = [12, 3];
  const data = normal(20 * size, 'things').map((v, at) => v / 2 + Math.floor(at / size));
  const items = Int32Array.from({ length: n }, (_, i) => i + 5);
  const matrices = people(n, 3).map(upper);
  const row = (i: number): number[] => Array.from(data.subarray(items[i] * size, (items[i] + 1) * size));
  const dot = (x: number[], y: number[]): number => x.reduce((sum, v, k) => sum + v * y[k], 0);
  const of = (f: (x: number[], y: number[]) => number): number => {
    const pairs = upper(Array.from({ length: n }, (_, i) => Array.from({ length: n }, (_, j) => f(row(i), row(j)))));
    return mean(matrices.map((matrix) => naiveSpearman(pairs, matrix)));
  };
  const expected = {
    euclidean: of((x, y) => -Math.hypot(...x.map((v, k) => v - y[k]))),
    cosine: of((x, y) => dot(x, y) / Math.hypot(...x) / Math.hypot(...y)),
    dot: of(dot),
  };
  const given = matrices.map((pairs) => ({ pairs: Float64Array.from(pairs) }));
  const found = representationalSimilarity(data, size, items, given);
  for (const [name, value] of Object.entries(expected))
    t.true(Math.abs(found.correlation[name as keyof typeof expected] - value) < 1e-12, name);
  t.true(found.correlation.euclidean > 0.5);
  t.deepEqual([found.items, found.matrices], [12, 3]);
  const ranks = matrices.map((of) =>
    of.map((v) => of.filter((w) => w < v).length + of.filter((w) => w === v).length / 2),
  );
  const together = (chosen: number[][]): number[] => chosen[0].map((_, pair) => mean(chosen.map((one) => one[pair])));
  const ceiling = noiseCeiling(given);
  const lower = mean(matrices.map((own, i) => naiveSpearman(own, together(ranks.filter((_, j) => j !== i)))));
  t.true(Math.abs(ceiling.lower - lower) < 1e-12);
  t.true(Math.abs(ceiling.upper - mean(matrices.map((own) => naiveSpearman(own, together(ranks))))) < 1e-12);
  t.true(ceiling.lower < ceiling.upper && ceiling.upper < 1);
  t.deepEqual(found.ceiling, ceiling);
  t.is(representationalSimilarity(data, size, items, given.slice(0, 1)).ceiling, null, 'one matrix tells of no noise');
});

test('files: distances are turned round, text and npy say the same, a stack is of several people', (t) => {
  const [one, two] = people(6, 2);
  const write = (name: string, content: string | Uint8Array): string => {
    writeFileSync(join(folder, name), content);
    return join(folder, name);
  };
  const text = (matrix: number[][], by = ','): string => matrix.map((row) => `${row.join(by)}\n`).join('');
  const distances = one.map((row) => row.map((v) => 9 - v));
  const [plain] = readSimilarities(write('one.csv', text(one)));
  t.deepEqual([plain.n, Array.from(plain.pairs)], [6, upper(one)]);
  const [turned] = readSimilarities(write('distances.txt', text(distances, ' ')));
  t.deepEqual(Array.from(turned.pairs), upper(distances).map((v) => -v)); // prettier-ignore
  const stack = encodeNpy({ dtype: 'float64', shape: [2, 6, 6], data: Float64Array.from([one, two].flat(2)) });
  t.deepEqual(readSimilarities(write('both.npy', stack)).map(({ pairs }) => [...pairs]), [one, two].map(upper)); // prettier-ignore
  const fails = (name: string, content: string | Uint8Array, message: RegExp): void => {
    t.throws(() => readSimilarities(write(name, content)), { instanceOf: UsageError, message }, name);
  };
  fails('wide.csv', '1,2,3\n2,1,3\n', /its array is \[2, 3\] and not \[n, n\]/);
  fails('words.csv', '1,a\nb,1\n', /words\.csv line 1: 'a' is not a number; /);
  fails('ragged.csv', '1,2\n1\n', /ragged\.csv line 2: 1 values instead of 2; /);
  fails('askew.csv', '9,1,2\n3,9,1\n2,1,9\n', /^invalid similarities: .*askew\.csv at 0, 1: 1 and 3; /);
  fails('middle.csv', '5,1,9\n1,5,2\n9,2,5\n', /^invalid similarities: .*middle\.csv has neither its smallest nor /);
  fails('one.jpg', '1', /^cannot read .*one\.jpg: not a file of numbers; /);
});
