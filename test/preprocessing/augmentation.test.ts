import test from 'ava';
import { loadAll, bytesOf } from './helpers.js';
import { RandomStream } from '../../src/random/stream.js';

const SIDE = 200;
const COUNT = 1500;

interface Crop {
  readonly left: number;
  readonly top: number;
  readonly width: number;
  readonly height: number;
  readonly mirrored: boolean;
}

async function crops(width: number, height: number): Promise<Crop[]> {
  const preprocessing = { name: 'ResNetImagePreprocessing', image_size: 100 } as const;
  // red tells the column, green the row: the crop can be read off the result
  const data = new Uint8Array(3 * width * height);
  for (let i = 0; i < width * height; i++) data.set([i % width, Math.floor(i / width), 0], 3 * i);
  const picture = { width, height, data };
  const requests = Array.from({ length: COUNT / 50 }, (_, r) => ({
    pictures: Array.from({ length: 50 }, () => picture),
    names: Array.from({ length: 50 }, () => 'slopes'),
    augmentation: { seed: 11, epoch: 1, first: 50 * r },
  }));
  const batches = await loadAll({ preprocessing, workers: 2 }, requests);
  return batches.flatMap((batch) => {
    const bytes = bytesOf(batch, preprocessing);
    return Array.from({ length: 50 }, (_, i) => {
      const at = (row: number, column: number, c: number) => bytes[30000 * i + 300 * row + 3 * column + c];
      // pixel p of the result lies at left + (p + 1/2) width / 100 - 1/2; 10 and 89 are away from what edges do
      const span = (a: number, b: number) => ((b - a) * 100) / 79;
      const [a, b, c, d] = [at(50, 10, 0), at(50, 89, 0), at(10, 50, 1), at(89, 50, 1)];
      const [cropWidth, cropHeight] = [Math.abs(span(a, b)), span(c, d)];
      return {
        mirrored: a > b,
        width: cropWidth,
        height: cropHeight,
        left: Math.min(a, b) - 0.105 * cropWidth + 0.5,
        top: c - 0.105 * cropHeight + 0.5,
      };
    });
  });
}

const mean = (values: number[]) => values.reduce((sum, v) => sum + v, 0) / values.length;

/** What the definition says, drawn anew: uniform area, log-uniform ratio, tried until the crop fits. */
function simulated(width: number, height: number): { areas: number[]; ratios: number[] } {
  const stream = new RandomStream(3, 'simulation');
  const [areas, ratios]: [number[], number[]] = [[], []];
  while (areas.length < 40000) {
    const area = 0.08 + 0.92 * stream.uniform();
    const ratio = Math.exp(Math.log(4 / 3) * (2 * stream.uniform() - 1));
    const [w, h] = [Math.sqrt(area * ratio * width * height), Math.sqrt((area / ratio) * width * height)];
    if (w > width || h > height) continue;
    areas.push((w * h) / width / height);
    ratios.push(w / h);
  }
  return { areas, ratios };
}

/** The largest distance between two distribution functions. */
function kolmogorov(a: number[], b: number[]): number {
  const [x, y] = [a.toSorted((p, q) => p - q), b.toSorted((p, q) => p - q)];
  let [most, j] = [0, 0];
  x.forEach((value, i) => {
    while (j < y.length && y[j] <= value) j++;
    most = Math.max(most, Math.abs((i + 1) / x.length - j / y.length));
  });
  return most;
}

for (const [width, height] of [
  [SIDE, SIDE],
  [240, 150],
])
  test(`crops of ${width} x ${height} have the areas, shapes and places of their definition; half are mirrored`, async (t) => {
    const found = await crops(width, height);
    const { areas, ratios } = simulated(width, height);
    const limit = 0.05; // 1.36 / sqrt(1500) = .035 at 5 %, and crops are read off to about a pixel
    const distance = (ours: number[], theirs: number[]) => kolmogorov(ours, theirs);
    t.true(
      distance(
        found.map((c) => (c.width * c.height) / width / height),
        areas,
      ) < limit,
    );
    t.true(
      distance(
        found.map((c) => c.width / c.height),
        ratios,
      ) < limit,
    );
    t.true(Math.abs(mean(found.map(({ mirrored }) => +mirrored)) - 0.5) < 0.04); // three standard deviations
    // where there is room, a crop is anywhere in it
    const place = (free: number, at: number) => (free > 20 ? [at / free] : []);
    const horizontal = found.flatMap((c) => place(width - c.width, c.left));
    const vertical = found.flatMap((c) => place(height - c.height, c.top));
    const uniform = Array.from({ length: 10000 }, (_, i) => (i + 0.5) / 10000);
    t.true(horizontal.length > 300 && vertical.length > 300);
    t.true(distance(horizontal, uniform) < 0.08);
    t.true(distance(vertical, uniform) < 0.08);
  });

test('small networks see the whole picture, half the time mirrored', async (t) => {
  const preprocessing = { name: 'SmallImagePreprocessing', image_size: 8 } as const;
  const data = new Uint8Array(192).map((_, i) => i);
  const request = {
    pictures: Array.from({ length: 1000 }, () => ({ width: 8, height: 8, data })),
    names: Array.from({ length: 1000 }, () => 'count'),
    augmentation: { seed: 1, epoch: 1, first: 0 },
  };
  const [batch] = await loadAll({ preprocessing, workers: 2 }, [request]);
  const bytes = Buffer.from(bytesOf(batch, preprocessing));
  const mirror = Buffer.from(
    data.map((_, i) => data[24 * Math.floor(i / 24) + 3 * (7 - Math.floor((i % 24) / 3)) + (i % 3)]),
  );
  let mirrored = 0;
  for (let i = 0; i < 1000; i++) {
    const one = bytes.subarray(192 * i, 192 * (i + 1));
    if (one.equals(mirror)) mirrored++;
    else t.true(one.equals(data));
  }
  t.true(Math.abs(mirrored - 500) < 48);
});

test('colours of vision transformers change by 0.6 to 1.4, in six orders', async (t) => {
  const preprocessing = { name: 'ViTImagePreprocessing' } as const;
  const grey = (v: number) => new Uint8Array(3 * 64).fill(v);
  const load = async (data: Uint8Array, count: number) => {
    const request = {
      pictures: Array.from({ length: count }, () => ({ width: 8, height: 8, data })),
      names: Array.from({ length: count }, () => 'plain'),
      augmentation: { seed: 2, epoch: 1, first: 0 },
    };
    const [batch] = await loadAll({ preprocessing, workers: 2 }, [request]);
    const first = batch.data.filter((_, i) => i % 150528 < 3); // a pixel of each
    const bytes = bytesOf({ ...batch, data: first }, preprocessing);
    return Array.from({ length: count }, (_, i) => [...bytes.subarray(3 * i, 3 * i + 3)]);
  };
  // on plain grey, contrast and saturation change nothing: brightness alone is left
  const brightness = (await load(grey(100), 300)).map(([r, g, b]) => {
    t.true(r === g && g === b);
    return r / 100;
  });
  t.true(Math.min(...brightness) >= 0.59 && Math.min(...brightness) < 0.62);
  t.true(Math.max(...brightness) <= 1.4 && Math.max(...brightness) > 1.38);
  t.true(Math.abs(mean(brightness) - 1) < 0.05);
  // a plain colour: contrast and saturation both move it along its distance from its grey
  const colour = Uint8Array.from({ length: 192 }, (_, i) => [120, 90, 60][i % 3]);
  const spreads = (await load(colour, 300)).map(([r, , b], i) => (r - b) / 60 / brightness[i]);
  t.true(Math.min(...spreads) >= 0.33 && Math.min(...spreads) < 0.5);
  t.true(Math.max(...spreads) <= 2 && Math.max(...spreads) > 1.6);
  t.true(Math.abs(mean(spreads) - 1) < 0.06);
});
