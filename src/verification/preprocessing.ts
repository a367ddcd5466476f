import { existsSync } from 'node:fs';
import { dirname, join } from 'node:path';
import type { PreprocessingConfiguration } from '../configuration/types.js';
import { PictureLoader, type PictureBatch } from '../preprocessing/index.js';
import { largestDifference, skipped, type Checker, type Outcome } from './outcome.js';

interface PreprocessingCase {
  readonly preprocessing: PreprocessingConfiguration['name'];
  /** Path relative to the data root. */
  readonly image: string;
  /** Channels, rows, columns. */
  readonly shape: readonly [number, number, number];
  /** The mean of each channel. */
  readonly mean: readonly number[];
  readonly std: readonly number[];
  /** The values of each channel at rows and columns 7, 37, ..., 217. */
  readonly grid: readonly (readonly (readonly number[])[])[];
}

const tolerance = 5e-4; // per value

/** Checks pictures, preprocessed for evaluation, against the original's values; skipped where there are no pictures. */
export const checkPreprocessing: Checker = async (content, path) => {
  const root = process.env['TRIPLETLAB_DATA'] ?? beside(path);
  const outcomes: Outcome[] = [];
  for (const golden of content as PreprocessingCase[]) {
    const name = `${golden.preprocessing} of ${golden.image}`;
    const file = join(root ?? '', golden.image);
    if (root === undefined) outcomes.push(skipped(name, 'TRIPLETLAB_DATA names no folder of data'));
    else if (!existsSync(file)) outcomes.push(skipped(name, `missing file: ${file}`));
    else outcomes.push(complaintOf(name, await compare(golden, file)));
  }
  return outcomes;
};

/** Finds the data beside the vectors: they are side by side where the vectors were made. */
function beside(path: string): string | undefined {
  const folder = join(dirname(path), '..', 'data');
  return existsSync(folder) ? folder : undefined;
}

const complaintOf = (name: string, detail: string | undefined): Outcome =>
  detail === undefined ? { name, status: 'passed' } : { name, status: 'failed', detail };

async function compare(golden: PreprocessingCase, file: string): Promise<string | undefined> {
  const [, size] = golden.shape;
  const preprocessing = { name: golden.preprocessing, image_size: size };
  const loader = new PictureLoader({ preprocessing, workers: 1 });
  try {
    const { value } = await loader.load([{ pictures: [{ file }], names: [golden.image] }]).next();
    const { data } = value as PictureBatch;
    if (data.length !== 3 * size * size) return `${data.length} values, expected ${golden.shape.join(' x ')}`;
    const values = (channel: number) => data.filter((_, i) => i % 3 === channel);
    for (let channel = 0; channel < 3; channel++) {
      const plane = values(channel);
      const grid = golden.grid[channel].flatMap((row, i) => row.map((_, j) => plane[(7 + 30 * i) * size + 7 + 30 * j]));
      const { mean, std } = moments(plane);
      const off = [
        largestDifference(grid, golden.grid[channel].flat()),
        Math.abs(mean - golden.mean[channel]),
        Math.abs(std - golden.std[channel]),
      ];
      if (!off.every((difference) => difference <= tolerance))
        return `channel ${channel} is off by ${off.map((d) => d.toExponential(1)).join(' (grid), ')} (mean, std)`;
    }
    return undefined;
  } catch (error) {
    return (error as Error).message;
  } finally {
    await loader.dispose();
  }
}

function moments(values: Float32Array): { mean: number; std: number } {
  const mean = values.reduce((sum, v) => sum + v, 0) / values.length;
  const squares = values.reduce((sum, v) => sum + (v - mean) ** 2, 0);
  return { mean, std: Math.sqrt(squares / (values.length - 1)) };
}
