import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import test from 'ava';
import { decodeMat, readMat } from '../../src/formats/mat/mat.js';
import type { MatCell, MatChar, MatNumeric, MatStruct, MatValue } from '../../src/formats/mat/mat.js';
import { compressed, element, mat, matrix, types } from './mat-builder.js';

const golden = 'test/golden/formats';
const expected = JSON.parse(readFileSync(`${golden}/mat.json`, 'utf8')) as {
  sortind: number[];
  words48: string[];
  cars: [string, number][];
};

function text(value: MatValue | undefined): string {
  return (value as MatChar).rows.join('');
}

function numbers(value: MatValue | undefined): number[] {
  return Array.from((value as MatNumeric).data as Float64Array, Number);
}

function one(variable: Uint8Array): MatValue | undefined {
  return decodeMat(mat(variable), 'a.mat').get('x');
}

test("scipy's files: numbers, cells of texts (compressed), structs", (t) => {
  const sortind = readMat(`${golden}/sortind.mat`).get('sortind');
  t.deepEqual(numbers(sortind), expected.sortind);
  const words = readMat(`${golden}/words_compressed.mat`).get('words48') as MatCell;
  t.deepEqual(words.values.map(text), expected.words48);
  const annotations = readMat(`${golden}/cars_annos.mat`).get('annotations') as MatStruct;
  t.deepEqual(annotations.shape, [1, expected.cars.length]);
  t.deepEqual(
    annotations.values.map((row) => [text(row.get('relative_im_path')), numbers(row.get('class'))[0]]),
    expected.cars,
  );
});

test('numbers of every class, also stored in a smaller type, come in C order', (t) => {
  const stored = element(types.uint8, Uint8Array.of(1, 2, 3, 4, 5, 6));
  const classes = [
    [6, 'float64', Float64Array],
    [7, 'float32', Float32Array],
    [8, 'int8', Int8Array],
    [9, 'uint8', Uint8Array],
    [10, 'int16', Int16Array],
    [11, 'uint16', Uint16Array],
    [12, 'int32', Int32Array],
    [13, 'uint32', Uint32Array],
  ] as const;
  for (const [code, dtype, Holder] of classes)
    t.deepEqual(one(matrix(code, [2, 3], 'x', stored)), {
      kind: 'numeric',
      dtype,
      shape: [2, 3],
      data: Holder.of(1, 3, 5, 2, 4, 6),
    });
  const long = [1n, 3n, 5n, 2n, 4n, 6n];
  t.deepEqual((one(matrix(14, [2, 3], 'x', stored)) as MatNumeric).data, BigInt64Array.from(long));
  t.deepEqual((one(matrix(15, [2, 3], 'x', stored)) as MatNumeric).data, BigUint64Array.from(long));
  const whole = one(matrix(14, [1, 1], 'x', element(types.int64, BigInt64Array.of(-(2n ** 60n)))));
  t.deepEqual((whole as MatNumeric).data, BigInt64Array.of(-(2n ** 60n)));
  const double = matrix(6, [1, 2], 'x', element(types.double, Float64Array.of(0.1, -Infinity)));
  t.deepEqual(numbers(one(double)), [0.1, -Infinity]);
  t.deepEqual(numbers(one(compressed(double))), [0.1, -Infinity]);
  t.deepEqual(numbers(one(matrix(6, [2, 1, 2], 'x', element(types.int8, Int8Array.of(1, 2, 3, 4))))), [1, 3, 2, 4]);
});

test('small elements, logical and empty arrays', (t) => {
  const small = matrix(9, [1, 3], 'x', element(types.uint8, Uint8Array.of(7, 8, 9), { small: true }));
  t.deepEqual(numbers(one(small)), [7, 8, 9]);
  const logical = one(matrix(9 | 0x200, [1, 2], 'x', element(types.uint8, Uint8Array.of(1, 0), { small: true })));
  t.deepEqual(logical, { kind: 'numeric', dtype: 'bool', shape: [1, 2], data: Uint8Array.of(1, 0) });
  const none = one(matrix(6, [0, 3], 'x', element(types.double, new Float64Array(0))));
  t.deepEqual(none, { kind: 'numeric', dtype: 'float64', shape: [0, 3], data: new Float64Array(0) });
  const cells = one(matrix(1, [1, 1], 'x', element(types.matrix, ''))) as MatCell;
  t.deepEqual(cells.values, [{ kind: 'numeric', dtype: 'float64', shape: [0, 0], data: new Float64Array(0) }]);
});

test('texts of one row and of several, in every way they are stored', (t) => {
  for (const stored of [
    element(
      types.uint16,
      Uint16Array.from('größe', (c) => c.charCodeAt(0)),
    ),
    element(
      types.utf16,
      Uint16Array.from('größe', (c) => c.charCodeAt(0)),
    ),
    element(types.utf8, 'größe'),
  ])
    t.deepEqual(one(matrix(4, [1, 5], 'x', stored)), { kind: 'char', shape: [1, 5], rows: ['größe'] });
  const rows = one(matrix(4, [2, 3], 'x', element(types.utf8, 'cdaotg'))) as MatChar;
  t.deepEqual(rows.rows, ['cat', 'dog']);
  t.deepEqual((one(matrix(4, [0, 0], 'x', element(types.utf8, ''))) as MatChar).rows, []);
});

test('structs in structs; cells in C order', (t) => {
  const number = (value: number) => matrix(6, [1, 1], '', element(types.uint8, Uint8Array.of(value), { small: true }));
  const width = element(types.int32, Int32Array.of(8), { small: true });
  const inner = matrix(2, [1, 1], '', width, element(types.int8, 'value\0\0\0'), number(5));
  const names = element(types.int8, 'first\0\0\0second\0\0');
  const outer = one(matrix(2, [1, 2], 'x', width, names, number(1), inner, number(2), number(3))) as MatStruct;
  t.deepEqual(outer.fields, ['first', 'second']);
  t.deepEqual(
    outer.values.map((row) => numbers(row.get('first'))[0]),
    [1, 2],
  );
  t.deepEqual(numbers((outer.values[0].get('second') as MatStruct).values[0].get('value')), [5]);
  const cells = one(matrix(1, [2, 2], 'x', number(1), number(2), number(3), number(4))) as MatCell;
  t.deepEqual(cells.values.flatMap(numbers), [1, 3, 2, 4]);
});

test('struct arrays of rows and columns come in C order, and as many as CARS has', (t) => {
  const number = (value: number) => matrix(12, [1, 1], '', element(types.int32, Int32Array.of(value), { small: true }));
  const width = element(types.int32, Int32Array.of(8), { small: true });
  const names = element(types.int8, 'a\0\0\0\0\0\0\0b\0\0\0\0\0\0\0');
  const structs = (shape: number[], count: number) => {
    const fields = Array.from({ length: count }, (_, i) => [number(i), number(-1 - i)]).flat();
    return one(compressed(matrix(2, shape, 'x', width, names, ...fields))) as MatStruct;
  };
  const square = structs([2, 3], 6);
  t.deepEqual(square.shape, [2, 3]);
  t.deepEqual(
    square.values.map((row) => numbers(row.get('a'))[0]),
    [0, 2, 4, 1, 3, 5],
  );
  const many = structs([1, 16185], 16185);
  t.deepEqual(
    many.values.map((row) => numbers(row.get('b'))[0]),
    Array.from({ length: 16185 }, (_, i) => -1 - i),
  );
});

test('other kinds do not hinder the rest', (t) => {
  const double = element(types.double, Float64Array.of(1));
  const opaque = element(
    types.matrix,
    Buffer.concat([element(types.uint32, Uint32Array.of(17, 0)), element(types.int8, 'o', { small: true })]),
  );
  const values = decodeMat(
    mat(
      matrix(5, [1, 1], 's', double),
      matrix(6 | 0x800, [1, 1], 'c', double, double),
      opaque,
      matrix(9, [1, 8], '', element(types.uint8, new Uint8Array(8))),
      matrix(6, [1, 1], 'x', double),
    ),
    'a.mat',
  );
  t.deepEqual([...values.keys()], ['s', 'c', 'o', 'x']);
  const described = ['s', 'c', 'o'].map((name) => values.get(name));
  t.deepEqual(
    described,
    ['sparse', 'complex', 'opaque object'].map((description) => ({ kind: 'other', description })),
  );
  t.deepEqual(numbers(values.get('x')), [1]);
});

const data = process.env['TRIPLETLAB_DATA'];
const folder = join(data ?? '', 'things', 'Revealing');
(data ? test : test.skip)("THINGS' own files (skipped without TRIPLETLAB_DATA)", (t) => {
  const sortind = numbers(readMat(join(folder, 'variables', 'sortind.mat')).get('sortind'));
  t.deepEqual(
    [...sortind].sort((a, b) => a - b),
    Array.from({ length: 1854 }, (_, i) => i + 1),
  );
  const words = (readMat(join(folder, 'variables', 'words48.mat')).get('words48') as MatCell).values.map(text);
  const ids = new Set(readFileSync(join(folder, 'variables', 'unique_id.txt'), 'utf8').split(/\r?\n/));
  const meant: Record<string, string> = { camera: 'camera1', file: 'file1' };
  t.is(new Set(words).size, 48);
  t.true(words.every((word) => ids.has(meant[word] ?? word.replaceAll(' ', '_'))));
  const { shape, data: values } = readMat(join(folder, 'data', 'RDM48_triplet.mat')).get('RDM48_triplet') as MatNumeric;
  t.deepEqual(shape, [48, 48]);
  for (let i = 0; i < 48; i++)
    for (let j = 0; j < 48; j++)
      if (i === j ? values[49 * i] !== 0 : values[48 * i + j] !== values[48 * j + i] || values[48 * i + j] > 1)
        t.fail(`${i}, ${j}`);
});
