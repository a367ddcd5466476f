import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { makeTripletDataset } from '../../../src/datasets/index.js';
import { PictureLoader } from '../../../src/preprocessing/index.js';
import { answer } from '../child.js';
import { peakMiB } from '../machine.js';

// Reads data of one's own: the triplets with the names of the pictures, or the pictures themselves.

export interface Question {
  readonly task: 'read' | 'decode';
  readonly folder: string;
  /** What earlier reading has kept is removed. */
  readonly without?: 'cache';
}

export interface Found {
  readonly seconds: number;
  readonly peakMiB: number;
}

const BATCH = 64;

void answer(async ({ task, folder, without }: Question): Promise<Found> => {
  if (without === 'cache') rmSync(join(folder, '.cache'), { recursive: true, force: true });
  const request = { name: 'CustomTripletsTImg', version: 'direct', directed: true, raw_data_directory_name: folder, data_directory_name: null } as const; // prettier-ignore
  let start = performance.now();
  const { items } = makeTripletDataset({ ...request, batch_size: BATCH });
  if (task === 'decode') {
    const files = items.map(({ file }) => file!);
    start = performance.now();
    const loader = new PictureLoader({ preprocessing: { name: 'ResNetImagePreprocessing', image_size: 224 } });
    const requests = Array.from({ length: Math.ceil(files.length / BATCH) }, (_, i) => {
      const names = files.slice(i * BATCH, (i + 1) * BATCH);
      return { pictures: names.map((file) => ({ file })), names };
    });
    for await (const { bad } of loader.load(requests)) if (bad.length > 0) throw new Error(bad[0].reason);
    await loader.dispose();
  }
  return { seconds: (performance.now() - start) / 1000, peakMiB: peakMiB() };
});
