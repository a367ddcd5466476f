import test from 'ava';
import { UsageError } from '../../src/errors.js';
import { dtypes } from '../../src/formats/nd-array.js';
import { decodeNpy, encodeNpy, readNpy } from '../../src/formats/npy.js';
import { python, pythonHas } from '../random/python.js';
import { plain, sampleArray, sampleArrays, shapes } from './arrays.js';
import { fuzzBytes, fuzzNoise, fuzzTruncation } from './fuzz.js';

/** A file with this header and data, as numpy lays it out. */
function npy(header: string, data: Uint8Array = new Uint8Array(0), version = 1): Uint8Array {
  const length = Buffer.alloc(version === 1 ? 2 : 4);
  if (version === 1) length.writeUInt16LE(header.length);
  else length.writeUInt32LE(header.length);
  return Buffer.concat([Buffer.from('\x93NUMPY', 'latin1'), Buffer.of(version, 0), length, Buffer.from(header), data]);
}

const numbers = Float32Array.of(0, 1, 2, 3, 4, 5);
const data = new Uint8Array(numbers.buffer);

test('C order, Fortran order, either byte order, all versions', (t) => {
  const c = "{'descr': '<f4', 'fortran_order': False, 'shape': (2, 3), }";
  for (const version of [1, 2, 3])
    t.deepEqual(decodeNpy(npy(c, data, version), 'a'), { dtype: 'float32', shape: [2, 3], data: numbers });
  const fortran = decodeNpy(npy(c.replace('False', 'True'), data), 'a');
  t.deepEqual(fortran, { dtype: 'float32', shape: [2, 3], data: Float32Array.of(0, 2, 4, 1, 3, 5) });
  const big = decodeNpy(npy(c.replace('<', '>'), Buffer.from(data).swap32()), 'a');
  t.deepEqual(big.data, numbers);
});

test('what is written is read, and starts its data at a multiple of 64', (t) => {
  for (const array of Object.values(sampleArrays())) {
    const bytes = encodeNpy(array);
    t.is((bytes.length - array.data.byteLength) % 64, 0);
    t.deepEqual(decodeNpy(bytes, 'a'), array);
  }
});

(pythonHas('numpy') ? test : test.skip)(
  "numpy's own files of every type, order and shape (skipped without it)",
  (t) => {
    const written = python(
      `import base64, io, numpy
answer = []
for dtype, shape in given:
    base = numpy.arange(numpy.prod(shape, dtype=int)).reshape(shape)
    array = (base % 2 == 1) if dtype == 'bool' else base.astype(dtype)
    for variant in (array, numpy.array(array, order='F'), array.astype(array.dtype.newbyteorder('>'))):
        for version in ((1, 0), (2, 0)):
            file = io.BytesIO()
            numpy.lib.format.write_array(file, variant, version)
            bits = array.view('uint16') if dtype == 'float16' else array
            values = ['%d' % value for value in bits.ravel().tolist()]
            answer.append([base64.b64encode(file.getvalue()).decode(), dtype, list(shape), values])`,
      dtypes.flatMap((dtype) => shapes.map((shape) => [dtype, shape])),
    ) as [string, string, number[], string[]][];
    t.is(written.length, dtypes.length * shapes.length * 6);
    for (const [bytes, dtype, shape, values] of written)
      t.deepEqual(plain(decodeNpy(Buffer.from(bytes, 'base64'), 'a')), { dtype, shape, values });
  },
);

test('what is no array of numbers is refused in one line', (t) => {
  const refused: [string, RegExp][] = [
    ["{'descr': '|O', 'fortran_order': False, 'shape': (1,), }", /^cannot read a: elements of type \|O; /],
    ["{'descr': '<U8', 'fortran_order': False, 'shape': (1,), }", /elements of type <U8; /],
    ["{'descr': '<c8', 'fortran_order': False, 'shape': (1,), }", /elements of type <c8; /],
    ["{'descr': [('x', '<f4')], 'fortran_order': False, 'shape': (1,), }", /elements of type record; /],
    ["{'descr': '<f4', 'fortran_order': False, 'shape': (7,), }", /24 bytes of data, and its shape \[7\] takes 28/],
    ["{'descr': '<f4', 'fortran_order': False, 'shape': (5,), }", /24 bytes of data, and its shape \[5\] takes 20/],
    ["{'descr': '<f4', 'fortran_order': False, 'shape': (99999999, 99999999, 99999999), }", /24 bytes of data/],
    ["{'descr': '<f4', 'fortran_order': False, 'shape': (99999999999999999999,), }", /its shape .* is not valid/],
    ["{'descr': '<f4', 'fortran_order': False, 'shape': (2, , 3), }", /its shape .* is not valid/],
    [`{'descr': '<f4', 'fortran_order': False, 'shape': (${'1,'.repeat(33)}), }`, /its shape .* is not valid/],
    ["{'descr': '<f4', 'fortran_order': 0, 'shape': (6,), }", /npy header is damaged/],
    ['__import__("os")', /npy header is damaged/],
  ];
  for (const [header, message] of refused)
    t.throws(() => decodeNpy(npy(header, data), 'a'), { instanceOf: UsageError, message });
  const valid = npy("{'descr': '<f4', 'fortran_order': False, 'shape': (6,), }", data);
  valid[6] = 4;
  t.throws(() => decodeNpy(valid, 'a'), { instanceOf: UsageError, message: /npy version 4 is unknown/ });
  t.throws(() => readNpy('no/such.npy'), { instanceOf: UsageError, message: /^missing file: no\/such.npy; / });
  t.throws(() => encodeNpy({ dtype: 'float32', shape: [7], data: numbers }), { instanceOf: UsageError });
});

test('cut or changed files are refused or mean something', (t) => {
  const bytes = encodeNpy(sampleArray('int16', [2, 3]));
  const decode = (changed: Uint8Array) => decodeNpy(changed, 'a');
  fuzzTruncation(t, decode, bytes);
  fuzzBytes(t, decode, bytes, { checksums: false });
  fuzzNoise(t, decode, bytes);
});
