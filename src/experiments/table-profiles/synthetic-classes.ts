import { existsSync, mkdtempSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { makeFolder } from '../../files.js';
import { drawPng } from '../../datasets/synthetic/synthetic-pictures.js';
import { RandomStream } from '../../random/stream.js';

const CLASSES = 8;
const PICTURES = 4;
const SIDE = 32;
/** The spread of the pictures of a class, as a share of each factor's range. */
const SPREAD = 0.1;

/** Draws a folder of classes, `images/CLASS/*.png`, unless it exists; it appears complete or not at all. */
export async function drawClasses(folder: string): Promise<void> {
  if (existsSync(folder)) return;
  makeFolder(dirname(folder));
  const draft = mkdtempSync(`${folder}-`);
  const stream = new RandomStream(0, 'drawn classes');
  for (let c = 0; c < CLASSES; c++) {
    const center = Array.from({ length: 4 }, () => SPREAD + (1 - 2 * SPREAD) * stream.uniform());
    const images = join(draft, 'images', `class-${c}`);
    makeFolder(images);
    for (let i = 0; i < PICTURES; i++) {
      const factors = Float32Array.from(center, (value) => value + SPREAD * (2 * stream.uniform() - 1));
      writeFileSync(join(images, `${i}.png`), await drawPng(factors, SIDE));
    }
  }
  try {
    renameSync(draft, folder);
  } catch (error) {
    rmSync(draft, { recursive: true });
    if (!existsSync(folder)) throw error; // otherwise another process was faster
  }
}
