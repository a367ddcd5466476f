import { readFileSync } from 'node:fs';
import test from 'ava';
import { zipSync } from 'fflate';
import { UsageError } from '../../src/errors.js';
import { encodeNpy } from '../../src/formats/npy.js';
import { decodeNpz, encodeNpz, readNpz } from '../../src/formats/npz.js';
import { python, pythonHas } from '../random/python.js';
import { plain, sampleArray, sampleArrays } from './arrays.js';
import { fuzzBytes, fuzzNoise, fuzzTruncation } from './fuzz.js';
import { withFile } from './temporary.js';

const golden = 'test/golden/formats';
const expected = JSON.parse(readFileSync(`${golden}/embeddings.json`, 'utf8')) as number[][][];

for (const kind of ['stored', 'compressed'])
  test(`${kind}: the embeddings that the original wrote`, (t) => {
    const arrays = readNpz(`${golden}/embeddings_${kind}.npz`);
    const embeddings = arrays.get('embeddings')!;
    t.is(embeddings.dtype, 'float32');
    t.deepEqual(embeddings.shape, [expected.length, expected[0].length, expected[0][0].length]);
    t.deepEqual(Array.from(embeddings.data as Float32Array), expected.flat(2));
    t.deepEqual([...arrays.keys()], kind === 'stored' ? ['embeddings'] : ['embeddings', 'other']);
  });

test('its array in Fortran order, as numpy prints it', (t) => {
  const other = readNpz(`${golden}/embeddings_compressed.npz`).get('other');
  const values = [
    1.1482172225903269, 0.3727143383864414, 0.6600721188244933, -1.8043695625892904, -0.4853097914647987,
    0.022732714049947665,
  ];
  t.deepEqual(other, { dtype: 'float64', shape: [2, 3], data: Float64Array.from(values) });
});

test('what is written is read, and the same bytes come each time', (t) => {
  const arrays = sampleArrays();
  const bytes = encodeNpz(arrays);
  t.deepEqual(decodeNpz(bytes, 'a'), new Map(Object.entries(arrays)));
  t.deepEqual(encodeNpz(arrays), bytes);
});

(pythonHas('numpy') ? test : test.skip)('numpy reads what is written (skipped without it)', (t) => {
  const arrays = sampleArrays();
  const read = withFile('arrays.npz', encodeNpz(arrays), (file) =>
    python(
      `import numpy
answer = {}
with numpy.load(given, allow_pickle=False) as arrays:
    for name in arrays.files:
        array = arrays[name]
        bits = array.view('uint16') if array.dtype == 'float16' else array.astype(int) if array.dtype == 'bool' else array
        answer[name] = [str(array.dtype), list(array.shape), [str(v) if bits.dtype.kind in 'iu' else float(v).hex() for v in bits.ravel().tolist()]]`,
      file,
    ),
  ) as Record<string, [string, number[], string[]]>;
  t.deepEqual(Object.keys(read).sort(), Object.keys(arrays).sort());
  for (const [name, [dtype, shape, values]] of Object.entries(read)) {
    const given = plain(arrays[name]);
    t.deepEqual([dtype, shape], [given.dtype, given.shape]);
    t.is(values.length, given.values.length);
    if (!/^float(32|64)/.test(name)) t.deepEqual(values, given.values);
    else t.true(values.every((value, i) => fromHex(value) === Number(given.values[i])));
  }
});

/** The number of Python's `float.hex()`. */
function fromHex(text: string): number {
  const [, sign, whole, fraction, exponent] = /^(-?)0x([01])\.([0-9a-f]+)p([+-]\d+)$/.exec(text)!;
  const size = Number(whole) + parseInt(fraction, 16) / 16 ** fraction.length;
  return (sign ? -1 : 1) * size * 2 ** Number(exponent);
}

(pythonHas('numpy') ? test : test.skip)("numpy's files, stored and compressed, are read (skipped without it)", (t) => {
  for (const save of ['savez', 'savez_compressed']) {
    const bytes = python(
      `import base64, io, numpy
file = io.BytesIO()
numpy.${save}(file, embeddings=numpy.arange(24, dtype='float32').reshape(2, 3, 4).transpose(2, 1, 0), labels=numpy.arange(3))
answer = base64.b64encode(file.getvalue()).decode()`,
      null,
    ) as string;
    const arrays = decodeNpz(Buffer.from(bytes, 'base64'), 'a');
    t.deepEqual([...arrays.keys()], ['embeddings', 'labels']);
    const { shape, data } = arrays.get('embeddings')!;
    t.deepEqual(shape, [4, 3, 2]);
    t.true(
      Array.from(data as Float32Array).every(
        (value, i) => value === (i % 2) * 12 + (Math.floor(i / 2) % 3) * 4 + Math.floor(i / 6),
      ),
    );
    t.deepEqual(arrays.get('labels')!.data, BigInt64Array.of(0n, 1n, 2n));
  }
});

test('cut or changed files are refused or mean the same', (t) => {
  const decode = (bytes: Uint8Array) => decodeNpz(bytes, 'a');
  const small = { x: sampleArray('int16', [2, 2]), y: sampleArray('uint8', [3]) };
  const members = { 'x.npy': encodeNpy(small.x), 'y.npy': encodeNpy(small.y) };
  for (const bytes of [encodeNpz(small), zipSync(members, { level: 9 })]) {
    fuzzTruncation(t, decode, bytes);
    fuzzBytes(t, decode, bytes, { checksums: true });
    fuzzNoise(t, decode, bytes);
  }
  for (const kind of ['stored', 'compressed'])
    fuzzBytes(t, decode, readFileSync(`${golden}/embeddings_${kind}.npz`), { checksums: true });
});

test('other members and bad arrays are refused by name', (t) => {
  t.throws(() => decodeNpz(zipSync({ 'readme.txt': Buffer.from('hello') }), 'a.npz'), {
    instanceOf: UsageError,
    message: 'invalid a.npz/readme.txt: not a numpy array; fetch or make it again',
  });
  t.throws(() => decodeNpz(zipSync({ 'evil\n\u001b[31m.npy': new Uint8Array(3) }), 'a.npz'), {
    instanceOf: UsageError,
    message: 'invalid a.npz/evil??[31m.npy: not a numpy array; fetch or make it again',
  });
});
