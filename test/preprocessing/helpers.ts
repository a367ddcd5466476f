import { spawnSync } from 'node:child_process';
import { normalization, PictureLoader, recipeOf } from '../../src/preprocessing/index.js';
import type { PictureBatch, PictureLoaderOptions, PictureRequest } from '../../src/preprocessing/index.js';
import { RandomStream } from '../../src/random/stream.js';

/** The bytes whose normalised values a batch holds: `[pictures, size, size, 3] uint8`; throws where a value is none. */
export function bytesOf({ data }: PictureBatch, preprocessing: PictureLoaderOptions['preprocessing']): Uint8Array {
  const recipe = recipeOf(preprocessing);
  const table = normalization(recipe);
  const bytes = new Uint8Array(data.length);
  for (let i = 0; i < data.length; i++) {
    bytes[i] = Math.round(255 * (data[i] * recipe.std[i % 3] + recipe.mean[i % 3]));
    if (table[256 * (i % 3) + bytes[i]] !== data[i]) throw new Error(`value ${i} is ${data[i]}, no byte's`);
  }
  return bytes;
}

/** All batches of requests. */
export async function loadAll(
  options: PictureLoaderOptions,
  requests: Iterable<PictureRequest>,
): Promise<PictureBatch[]> {
  const loader = new PictureLoader(options);
  try {
    const batches: PictureBatch[] = [];
    for await (const batch of loader.load(requests)) batches.push(batch);
    return batches;
  } finally {
    await loader.dispose();
  }
}

/** A picture of edges, slopes and noise, `[height, width, 3]`. */
export function drawn(width: number, height: number, seed: number): Uint8Array {
  const stream = new RandomStream(seed, 'picture');
  const data = new Uint8Array(3 * width * height);
  for (let i = 0; i < data.length; i++) {
    const [x, y] = [Math.floor(i / 3) % width, Math.floor(i / 3 / width)];
    const edge = (x + 2 * y + 40 * (i % 3)) % 90 < 30 ? 200 : 0;
    data[i] = Math.min(255, Math.max(0, edge + (100 * x) / width + 60 * (stream.uniform() - 0.3)));
  }
  return data;
}

/** Whether Debian's Python has what a comparison imports. */
export const pythonHas = (...modules: string[]): boolean =>
  spawnSync('/usr/bin/python3', ['-c', `import ${modules.join(', ')}`]).status === 0;
