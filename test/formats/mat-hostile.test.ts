import { readFileSync } from 'node:fs';
import test from 'ava';
import { UsageError } from '../../src/errors.js';
import { decodeMat } from '../../src/formats/mat/mat.js';
import type { MatValue } from '../../src/formats/mat/mat.js';
import { fuzzBytes, fuzzNoise, fuzzTruncation } from './fuzz.js';
import { compressed, element, mat, matrix, types } from './mat-builder.js';

const golden = 'test/golden/formats';

test('what cannot be read is refused in one line', (t) => {
  const six = element(types.uint8, Uint8Array.of(1, 2, 3, 4, 5, 6));
  const valid = matrix(6, [2, 3], 'x', six);
  let deep: Buffer = valid;
  for (let i = 0; i < 40; i++) deep = matrix(1, [1, 1], 'x', deep);
  const headers = [
    [0x01, 0x00, 0x4d, 0x49],
    [0x00, 0x02, 0x49, 0x4d],
    [0x00, 0x07, 0x49, 0x4d],
    [0, 0, 0, 0],
  ].map((end) => {
    const bytes = mat(valid);
    bytes.set(end, 124);
    return bytes;
  });
  const refused: [Uint8Array, RegExp][] = [
    [headers[0], /^cannot read a\.mat: big-endian; /],
    [headers[1], /^cannot read a\.mat: MATLAB 7\.3; save it again with -v7/],
    [headers[2], /MATLAB file version 1792 is unknown/],
    [headers[3], /not a MATLAB 5 file/],
    [new Uint8Array(100), /not a MATLAB 5 file, or cut short/],
    [mat(matrix(6, [2, 4], 'x', six)), /an array has 6 elements, and its size is 2 x 4/],
    [mat(matrix(6, [2 ** 30, 2 ** 30, 2 ** 30], 'x', six)), /elements, and its size is/],
    [mat(matrix(6, [-2, -3], 'x', six)), /no valid size/],
    [mat(matrix(6, new Array<number>(40).fill(1), 'x', six)), /no valid size/],
    [mat(matrix(1, [2 ** 30, 1], 'x', valid)), /elements, and its size is 1073741824 x 1/],
    [
      mat(matrix(2, [2 ** 30, 1], 'x', element(types.int32, Int32Array.of(8)), element(types.int8, ''))),
      /elements, and its size is 1073741824 x 1/,
    ],
    [
      mat(matrix(2, [1, 1], 'x', element(types.int32, Int32Array.of(0)), element(types.int8, 'abc'))),
      /field names of a struct/,
    ],
    [mat(matrix(1, [1, 1], 'x', six)), /a cell or field is no array/],
    [mat(matrix(99, [1, 1], 'x', six)), /array class 99 is unknown/],
    [
      mat(matrix(14, [1, 1], 'x', element(types.double, Float64Array.of(0.5)))),
      /64-bit integers are stored as fractions/,
    ],
    [mat(matrix(4, [1, 6], 'x', element(99, 'abcdef'))), /stored in an unknown way/],
    [mat(six), /something that is no variable/],
    [mat(valid, valid), /it has x twice/],
    [mat(deep), /more than 32 deep/],
    [mat(compressed(new Uint8Array(100 * 2 ** 20))), /a compressed variable expands to far more than it should/],
    [mat(element(types.compressed, Uint8Array.of(1, 2, 3, 4))), /a compressed variable does not decompress/],
    [
      mat(matrix(1, [1, 2_000_001], 'x', Buffer.alloc(8 * 2_000_001).fill(Buffer.from(Uint32Array.of(14, 0).buffer)))),
      /too many arrays/,
    ],
  ];
  for (const [bytes, message] of refused)
    t.throws(() => decodeMat(bytes, 'a.mat'), { instanceOf: UsageError, message }, String(message));
});

test('cut or changed files are refused, or mean something; compressed ones what they meant', (t) => {
  const decode = (bytes: Uint8Array) => decodeMat(bytes, 'a.mat');
  for (const name of ['sortind', 'words_compressed', 'cars_annos']) {
    const bytes = readFileSync(`${golden}/${name}.mat`);
    // Whether a variable is missing at the end the format cannot say.
    const whole = decode(bytes);
    fuzzTruncation(t, decode, bytes, (result) => (result as Map<string, MatValue>).size < whole.size);
    fuzzBytes(t, decode, bytes, { checksums: name === 'words_compressed' });
    fuzzNoise(t, decode, bytes);
  }
});
