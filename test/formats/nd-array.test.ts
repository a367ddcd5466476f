import test from 'ava';
import {
  dtypes,
  elementCount,
  fromBytes,
  halfToNumber,
  itemSize,
  toBytes,
  toFloat32,
} from '../../src/formats/nd-array.js';
import { sampleArray } from './arrays.js';

test('bytes and elements are each other, little-endian, at any offset', (t) => {
  for (const dtype of dtypes) {
    const array = sampleArray(dtype, [2, 3]);
    const shifted = Buffer.concat([Buffer.alloc(3), toBytes(array)]).subarray(3);
    t.deepEqual(fromBytes(dtype, shifted), array.data);
    t.is(toBytes(array).length, 6 * itemSize(dtype));
  }
  t.deepEqual([...fromBytes('int16', Uint8Array.of(1, 2, 255, 255))], [513, -1]);
  t.deepEqual([...fromBytes('float64', Uint8Array.of(0, 0, 0, 0, 0, 0, 240, 63))], [1]);
});

test('binary16 means what IEEE 754 lists', (t) => {
  const listed: [number, number][] = [
    [0x0000, 0],
    [0x8000, -0],
    [0x0001, 2 ** -24],
    [0x03ff, 0.00006097555160522461],
    [0x0400, 2 ** -14],
    [0x3555, 0.333251953125],
    [0x3c00, 1],
    [0x3c01, 1.0009765625],
    [0xc000, -2],
    [0x7bff, 65504],
    [0x7c00, Infinity],
    [0xfc00, -Infinity],
    [0x7e00, NaN],
  ];
  for (const [bits, value] of listed) t.is(halfToNumber(bits), value);
});

test('toFloat32 takes every type', (t) => {
  for (const dtype of dtypes) {
    const one = { dtype, shape: [1], data: fromBytes(dtype, new Uint8Array(itemSize(dtype))) };
    t.deepEqual(toFloat32(one), Float32Array.of(0));
  }
  t.deepEqual(
    toFloat32({ dtype: 'float16', shape: [2], data: Uint16Array.of(0x3c00, 0xc000) }),
    Float32Array.of(1, -2),
  );
  t.deepEqual(toFloat32({ dtype: 'int64', shape: [1], data: BigInt64Array.of(-7n) }), Float32Array.of(-7));
});

test('an empty shape is one element, a zero anywhere none', (t) => {
  t.deepEqual([[], [3], [2, 0, 4], [2, 3, 4]].map(elementCount), [1, 3, 0, 24]);
});
