import sharp from 'sharp';
import { drawPicture, factorNames } from '../../src/datasets/synthetic/synthetic-pictures.js';
import { RandomStream } from '../../src/random/stream.js';
import type { Tree } from './folders.js';

const SIDE = 80;

/** A JPEG file of a shape that the name decides on, wider than high. */
async function drawnJpeg(name: string): Promise<Uint8Array> {
  const stream = new RandomStream(0, 'picture', name);
  const factors = factorNames.map(() => stream.uniform());
  return sharp(drawPicture(factors, SIDE), { raw: { width: SIDE, height: SIDE, channels: 3 } })
    .resize(SIDE, (3 * SIDE) / 4, { fit: 'fill' })
    .jpeg()
    .toBuffer();
}

/** The tree with drawn pictures for its empty ones. */
export async function withDrawnPictures(tree: Tree): Promise<Tree> {
  const entries = Object.entries(tree).map(async ([name, contents]): Promise<[string, Tree[string]]> => {
    return [name, contents === '' && /\.jpe?g$/i.test(name) ? await drawnJpeg(name) : contents];
  });
  return Object.fromEntries(await Promise.all(entries));
}
