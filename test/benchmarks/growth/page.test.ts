import { readdirSync, readFileSync } from 'node:fs';
import test from 'ava';
import fc from 'fast-check';
import { bars, curves, ticksOf } from './figure.js';
import { growthPage, type Stored } from './page.js';

const FOLDER = 'test/benchmarks/growth';
const read = (file: string): string => readFileSync(`${FOLDER}/${file}`, 'utf8');

test('the page and its figures are what the committed numbers make; npm run benchmark -- growth-page writes them', async (t) => {
  const { readme, figures } = await growthPage(JSON.parse(read('measured.json')) as Stored);
  t.is(read('README.md'), readme);
  t.deepEqual(readdirSync(FOLDER).filter((file) => file.endsWith('.svg')).sort(), Object.keys(figures).sort()); // prettier-ignore
  for (const [file, figure] of Object.entries(figures)) t.is(read(file), figure, file);
});

/** The centres of the circles in an SVG: the markers of its first line. */
const circles = (svg: string): number[][] =>
  [...svg.matchAll(/<circle cx="([\d.]+)" cy="([\d.]+)"/g)].map((found) => found.slice(1).map(Number));

test('a power is a straight line, steeper by its exponent, and larger is higher', (t) => {
  const sizes = [10, 100, 1000];
  const ofPower = (exponent: number): number[][] => {
    const points = sizes.map((size) => ({ size, value: size ** exponent }));
    const ends = { name: 'from 1 to 1e9', points: [{ size: 10, value: 1 }, { size: 1000, value: 1e9 }] }; // prettier-ignore
    return circles(curves([{ title: '', lines: [{ name: '', points }, ends], label: String }], 'n', [], ''));
  };
  const rises = [1, 2, 3].map((exponent) => {
    const [[x0, y0], [x1, y1], [x2, y2]] = ofPower(exponent);
    t.true(Math.abs(x1 - x0 - (x2 - x1)) < 0.2);
    t.true(Math.abs(y1 - y0 - (y2 - y1)) < 0.2);
    t.true(x2 > x0 && y2 < y0);
    return y0 - y2;
  });
  t.true(Math.abs(rises[1] / rises[0] - 2) < 0.02);
  t.true(Math.abs(rises[2] / rises[0] - 3) < 0.02);
});

test('the ticks of an axis ascend and enclose its values', (t) => {
  const values = fc.array(fc.double({ min: 1e-7, max: 1e7, noNaN: true }), { minLength: 1, maxLength: 8 });
  fc.assert(
    fc.property(values, (given) => {
      const ticks = ticksOf(given);
      t.true(ticks.at(-1)! / ticks[0] >= 9.9 && ticks.every((tick, i) => i === 0 || tick > ticks[i - 1]));
      t.true(ticks[0] <= Math.min(...given) && ticks.at(-1)! >= Math.max(...given));
    }),
  );
});

test('bars are as long as their values, and names are escaped', (t) => {
  const svg = bars([{ name: 'a < b', value: 4, other: 2 }, { name: 'c', value: 1 }], String, ''); // prettier-ignore
  const [, long, grey, short] = [...svg.matchAll(/<rect [^>]*?width="([\d.]+)"/g)].map(([, width]) => Number(width));
  t.true(Math.abs(long / short - 4) < 0.01);
  t.true(Math.abs(long / grey - 2) < 0.01);
  t.true(svg.includes('a &lt; b') && !svg.includes('a < b'));
});
