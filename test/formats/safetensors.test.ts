import { execFileSync } from 'node:child_process';
import test from 'ava';
import { UsageError } from '../../src/errors.js';
import { toFloat32 } from '../../src/formats/nd-array.js';
import type { NdArray } from '../../src/formats/nd-array.js';
import { decodeSafetensors, encodeSafetensors } from '../../src/formats/safetensors.js';
import { pythonHas } from '../random/python.js';
import { plain, sampleArray, sampleArrays } from './arrays.js';
import { fuzzBytes, fuzzNoise, fuzzTruncation } from './fuzz.js';
import { withFile } from './temporary.js';

const metadata = { epoch: '12', 'nöte "quoted"': 'a\nb\u2028', empty: '' };

function file(header: unknown, data: Uint8Array = new Uint8Array(0)): Uint8Array {
  const json = Buffer.from(typeof header === 'string' ? header : JSON.stringify(header));
  const size = Buffer.alloc(8);
  size.writeBigUInt64LE(BigInt(json.length));
  return Buffer.concat([size, json, data]);
}

function decode(bytes: Uint8Array): unknown {
  return decodeSafetensors(bytes, 'a.safetensors');
}

test('the layout, byte by byte', (t) => {
  const json = '{"w":{"dtype":"F32","shape":[2],"data_offsets":[0,8]}}';
  const bytes = Buffer.concat(
    encodeSafetensors([['w', { dtype: 'float32', shape: [2], data: Float32Array.of(1, -2) }]]),
  );
  const expected = Buffer.concat([
    Buffer.from([56, 0, 0, 0, 0, 0, 0, 0]),
    Buffer.from(`${json}  `),
    Buffer.from([0, 0, 128, 63, 0, 0, 0, 192]),
  ]);
  t.deepEqual(bytes, expected);
});

test('what is written is read, order and metadata included', (t) => {
  const arrays = sampleArrays();
  const { tensors, metadata: read } = decodeSafetensors(
    Buffer.concat(encodeSafetensors(Object.entries(arrays), metadata)),
    'a',
  );
  t.deepEqual([...tensors], Object.entries(arrays));
  t.deepEqual(read, metadata);
  t.deepEqual(decode(Buffer.concat(encodeSafetensors([]))), { tensors: new Map(), metadata: {} });
});

test('views of larger memory are written as they are', (t) => {
  const data = Float32Array.of(9, 9, 1, 2, 9).subarray(2, 4);
  const [, part] = encodeSafetensors([['w', { dtype: 'float32', shape: [2], data }]]);
  t.is(part.buffer, data.buffer);
  t.deepEqual([...part], [0, 0, 128, 63, 0, 0, 0, 64]);
});

(pythonHas('json') ? test : test.skip)('an independent reader in Python agrees (skipped without python3)', (t) => {
  const arrays = sampleArrays();
  const bytes = Buffer.concat(encodeSafetensors(Object.entries(arrays), metadata));
  const printed = withFile('a.safetensors', bytes, (path) =>
    execFileSync('/usr/bin/python3', ['test/formats/read_safetensors.py', path], { encoding: 'utf8' }),
  );
  const read = JSON.parse(printed) as Record<string, unknown> & {
    tensors: Record<string, [string, number[], string[]]>;
  };
  t.deepEqual([read['metadata'], read['aligned'], read['first']], [metadata, true, '{']);
  t.deepEqual(Object.keys(read.tensors).sort(), Object.keys(arrays).sort());
  for (const [name, [, shape, values]] of Object.entries(read.tensors)) {
    t.deepEqual(shape, [...arrays[name].shape]);
    t.deepEqual(values.map(fromPython), expectedValues(arrays[name]));
  }
});

function fromPython(text: string): number | string {
  const [, sign, whole, fraction = '', exponent] = /^(-?)0x([01])(?:\.([0-9a-f]+))?p([+-]\d+)$/.exec(text) ?? [];
  if (exponent === undefined) return text;
  const size = Number(whole) + (fraction ? parseInt(fraction, 16) / 16 ** fraction.length : 0);
  return (sign ? -1 : 1) * size * 2 ** Number(exponent);
}

function expectedValues(array: NdArray): (number | string)[] {
  if (array.dtype === 'float16') return Array.from(toFloat32(array));
  if (array.dtype.startsWith('float')) return Array.from(array.data as Float64Array);
  return plain(array).values;
}

test('contradictions are refused in one line', (t) => {
  const w = { dtype: 'F32', shape: [2], data_offsets: [0, 8] };
  const eight = new Uint8Array(8);
  t.notThrows(() => decode(file({ w }, eight)));
  const one = JSON.stringify(w);
  const refused: [unknown, RegExp][] = [
    ['{', /its header is not JSON/],
    ['[1]', /not a JSON object/],
    [Buffer.from([0x22, 0xff, 0x22]).toString('latin1'), /not a JSON object/],
    [`{"w":${one},"w":${one}}`, /its header has w twice/],
    ['{"w":{"dtype":"F32","dtype":"F64","shape":[2],"data_offsets":[0,8]}}', /its header has dtype twice/],
    [{ w: 3 }, /tensor w is not described/],
    [{ w: { ...w, dtype: 'BF16' } }, /^cannot read a\.safetensors: tensor w has dtype BF16; readable are F64, /],
    [{ w: { ...w, dtype: 'toString' } }, /has dtype toString; /],
    [{ w: { ...w, shape: [-2] } }, /no valid shape/],
    [{ w: { ...w, shape: [2.5] } }, /no valid shape/],
    [{ w: { ...w, shape: 2 } }, /no valid shape/],
    [{ w: { ...w, shape: [1e15, 1e15] } }, /8 bytes, not those of its shape/],
    [{ w: { ...w, shape: [3] } }, /8 bytes, not those of its shape \[3\]/],
    [{ w: { ...w, data_offsets: [8, 0] } }, /-8 bytes/],
    [{ w: { ...w, data_offsets: [0] } }, /no valid data_offsets/],
    [{ w: { ...w, data_offsets: [8, 16] } }, /starts at byte 8 instead of 0/],
    [{ w: { ...w, shape: [3], data_offsets: [0, 12] } }, /take 12 bytes of 8/],
    [{ w: { ...w, shape: [1], data_offsets: [0, 4] } }, /take 4 bytes of 8/],
    [{ w, v: { ...w, shape: [1], data_offsets: [4, 8] } }, /tensor v starts at byte 4 instead of 8 \(overlap or gap\)/],
    [{ w, __metadata__: { a: 1 } }, /__metadata__ holds other things than texts/],
    [{ w, __metadata__: [] }, /__metadata__ holds other things/],
  ];
  for (const [header, message] of refused)
    t.throws(() => decode(file(header, eight)), { instanceOf: UsageError, message }, JSON.stringify(header));
  const large = file({ w }, eight);
  large[7] = 0x7f;
  t.throws(() => decode(large), { instanceOf: UsageError, message: /does not fit in/ });
  t.throws(() => encodeSafetensors([['w', { ...sampleArray('int8', [2]), shape: [3] }]]), { instanceOf: UsageError });
  const twice = [
    ['w', sampleArray('int8', [2])],
    ['w', sampleArray('int8', [2])],
  ] as const;
  t.throws(() => encodeSafetensors(twice), { instanceOf: UsageError, message: /^invalid tensor name: w; / });
});

test('names of JavaScript are names like others', (t) => {
  const bytes = file(
    '{"__proto__":{"dtype":"U8","shape":[1],"data_offsets":[0,1]},"__metadata__":{"__proto__":"x"}}',
    Uint8Array.of(5),
  );
  const { tensors, metadata: read } = decodeSafetensors(bytes, 'a');
  t.deepEqual([...tensors.keys()], ['__proto__']);
  t.deepEqual(Object.entries(read), [['__proto__', 'x']]);
});

test('cut or changed files are refused or mean something', (t) => {
  const bytes = Buffer.concat(
    encodeSafetensors(
      [
        ['w', sampleArray('float32', [2, 2])],
        ['b', sampleArray('bool', [3])],
      ],
      { epoch: '1' },
    ),
  );
  fuzzTruncation(t, decode, bytes);
  fuzzBytes(t, decode, bytes, { checksums: false });
  fuzzNoise(t, decode, bytes);
});
