import test from 'ava';
import sharp from 'sharp';
import { UsageError } from '../../src/errors.js';
import { drawPicture, drawPng, factorNames } from '../../src/datasets/synthetic/synthetic-pictures.js';

const middle = [0.25, 0.625, 0.5, 0.5];
/** The middle with one factor changed. */
const change = (factor: number, value: number) => middle.map((old, f) => (f === factor ? value : old));
const same = (a: Uint8Array, b: Uint8Array) => Buffer.compare(a, b) === 0;
const SIZE = 64;
const BACKGROUND = 236;

/** Mean absolute difference of two pictures' values. */
function difference(a: Uint8Array, b: Uint8Array): number {
  return a.reduce((sum, value, i) => sum + Math.abs(value - b[i]), 0) / a.length;
}

/** The four borders of what is drawn: first and last column and row that are not all background. */
function extent(picture: Uint8Array, size: number) {
  let [left, right, top, bottom] = [size, -1, size, -1];
  for (let y = 0; y < size; y++)
    for (let x = 0; x < size; x++)
      if ([0, 1, 2].some((c) => picture[3 * (y * size + x) + c] !== BACKGROUND)) {
        left = Math.min(left, x);
        right = Math.max(right, x);
        top = Math.min(top, y);
        bottom = Math.max(bottom, y);
      }
  return { left, right, top, bottom, width: right - left + 1, height: bottom - top + 1 };
}

for (const [f, name] of factorNames.entries())
  test(`${name} shows, more the more it differs`, (t) => {
    const at = (value: number) => drawPicture(change(f, value), SIZE);
    const [low, middling, high] = [at(0), at(0.5), at(1)];
    t.true(difference(low, middling) > 1);
    t.true(difference(middling, high) > 1);
    t.true(difference(at(0.5), at(0.6)) > 0.1);
    t.true(difference(at(0.5), at(0.6)) < difference(at(0.5), at(0.9)));
  });

test('size, squareness and stretch do to the shape what their names say', (t) => {
  const at = (size: number, squareness: number, stretch: number) =>
    extent(drawPicture([0, size, squareness, stretch], 200), 200);
  t.true(at(1, 0.5, 0.5).width > 2 * at(0, 0.5, 0.5).width);
  t.is(at(0.5, 0.9, 0.5).width, at(0.5, 0.9, 0.5).height);
  const standing = at(0.5, 0.9, 1);
  t.true(Math.abs(standing.height / standing.width - 2) < 0.1);
  const lying = at(0.5, 0.9, 0);
  t.true(Math.abs(lying.width / lying.height - 2) < 0.1);
  const inked = (squareness: number) =>
    drawPicture([0, 0.5, squareness, 0.5], 200).filter((value, i) => i % 3 === 1 && value !== BACKGROUND).length;
  t.true(inked(0) < inked(0.5) && inked(0.5) < inked(1));
});

test('hue runs from red to magenta', (t) => {
  const ink = (hue: number) => [
    ...drawPicture([hue, 0.8, 0.5, 0.5], SIZE)
      .subarray(3 * 32 * (SIZE + 1))
      .slice(0, 3),
  ];
  t.deepEqual(ink(0), [230, 26, 26]);
  t.deepEqual(ink(120 / 300), [26, 230, 26]);
  t.deepEqual(ink(240 / 300), [26, 26, 230]);
  t.deepEqual(ink(1), [230, 26, 230]);
});

test('the area of a disc and of a square is right to a part in a hundred', (t) => {
  // p = 2 at squareness log(2 / .6) / log(8 / .6); the share of ink in a pixel follows from its green.
  const disc = Math.log(2 / 0.6) / Math.log(8 / 0.6);
  const size = 128;
  const picture = drawPicture([0, 1, disc, 0.5], size);
  let area = 0;
  for (let i = 1; i < picture.length; i += 3) area += (BACKGROUND - picture[i]) / (BACKGROUND - 26);
  const expected = Math.PI * (0.32 * size) ** 2;
  t.true(Math.abs(area / expected - 1) < 0.01, `${area} for ${expected}`);
});

test('shapes stay off the border, at every corner of the factors and every size', (t) => {
  for (let corner = 0; corner < 16; corner++) {
    const factors = [0, 1, 2, 3].map((f) => (corner >> f) & 1);
    for (const size of [31, 64]) {
      const { left, right, top, bottom } = extent(drawPicture(factors, size), size);
      t.true(left > 0 && top > 0 && right < size - 1 && bottom < size - 1);
      // Symmetric in both directions.
      t.is(left, size - 1 - right);
      t.is(top, size - 1 - bottom);
    }
  }
});

test('edges are anti-aliased and follow a small change of size', (t) => {
  const values = new Set(drawPicture(middle, SIZE));
  t.true(values.size > 10);
  t.false(same(drawPicture(middle, SIZE), drawPicture(change(1, middle[1] + 0.01), SIZE)));
});

test('the same factors give the same picture; the PNG holds it', async (t) => {
  t.true(same(drawPicture(middle, SIZE), drawPicture(Float32Array.from(middle), SIZE)));
  const { data, info } = await sharp(await drawPng(middle, 33))
    .raw()
    .toBuffer({ resolveWithObject: true });
  t.deepEqual([info.width, info.height, info.channels], [33, 33, 3]);
  t.true(same(data, drawPicture(middle, 33)));
});

test('factors outside 0 to 1 and sizes that are none are refused', (t) => {
  for (const factors of [change(1, -0.1), change(1, 1.1), change(1, NaN)])
    t.throws(() => drawPicture(factors, 8), { instanceOf: UsageError, message: /^invalid factor size: / });
  t.throws(() => drawPicture([0, 0, 0], 8), { message: 'invalid factor stretch: undefined; a number from 0 to 1' });
  for (const size of [0, -1, 1.5, NaN, 5000])
    t.throws(() => drawPicture(middle, size), { instanceOf: UsageError, message: /^invalid picture size: / });
});
