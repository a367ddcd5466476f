import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { threadCount } from '../../src/engine/machine.js';
import { PictureLoader } from '../../src/preprocessing/index.js';
import { compared, isQuick, Rows, type Options, type Report } from './report.js';
import { Rival } from './rival.js';
import { inTurns, limitsOf } from './rounds.js';
import { median } from './statistics.js';

// Pictures per second, read from JPEG files (Yummly's), resized, augmented and normalised, in turns with Pillow and
// torchvision with as many workers. Options: rounds=5 seconds=60 (for each row).

const BATCH = 25;
const defaults = { rounds: 5, seconds: 60 };
const quick = { rounds: 1 };
const TARGET = 1;

interface Task {
  readonly files: readonly string[];
  readonly vit: boolean;
  readonly training: boolean;
  readonly workers: number;
}

/** Reads all files once: the threads are running, nothing is kept. */
async function epochOf(loader: PictureLoader, { files, training }: Task, epoch: number): Promise<number> {
  const requests = Array.from({ length: Math.ceil(files.length / BATCH) }, (_, i) => {
    const names = files.slice(i * BATCH, (i + 1) * BATCH);
    const augmentation = training ? { augmentation: { seed: 0, epoch, first: i * BATCH } } : {};
    return { pictures: names.map((file) => ({ file })), names, ...augmentation };
  });
  const start = performance.now();
  for await (const { bad } of loader.load(requests)) if (bad.length > 0) throw new Error(bad[0].reason);
  return (performance.now() - start) / 1000;
}

/** Pictures per second of each recipe. */
export async function benchmarkPictures(options: Options): Promise<Report> {
  const root = process.env['TRIPLETLAB_DATA'];
  if (root === undefined) return { rows: [], notes: ['skipped; set TRIPLETLAB_DATA to the folder of yummly/'] };
  const folder = join(root, 'yummly', 'images');
  const files = readdirSync(folder)
    .filter((file) => file.endsWith('.jpg'))
    .slice(0, isQuick(options) ? BATCH : undefined)
    .map((file) => join(folder, file));
  const rows = new Rows();
  const notes = new Set([`${files.length} pictures an epoch, after one to warm up`]);
  const limits = limitsOf(options, notes, defaults, quick);
  for (const vit of [false, true])
    for (const training of [false, true])
      for (const workers of new Set([1, threadCount()])) {
        const task = { files, vit, training, workers };
        const name = vit ? 'ViTImagePreprocessing' : 'ResNetImagePreprocessing';
        const loader = new PictureLoader({ preprocessing: { name, image_size: 224 }, workers, cacheBytes: 0 });
        const rival = new Rival('pictures.py', ['PIL', 'torchvision'], notes);
        try {
          let epoch = 0;
          const ours = () => epochOf(loader, task, epoch++);
          const theirs = async () => (await rival.ask<{ seconds: number }>(task, 'Pillow and torchvision'))?.seconds;
          await ours();
          await theirs();
          const turns = await inTurns(ours, theirs, limits);
          const beside = { 'torchvision, pictures/s': files.length / median(turns.theirs) };
          rows.add({
            pictures: `${vit ? 'ViT' : 'ResNet'}, ${training ? 'training' : 'evaluation'}`,
            workers,
            'pictures/s': files.length / median(turns.ours),
            ...(turns.theirs.length > 0 && beside),
            ...compared(turns.ours, turns.theirs, TARGET),
          });
        } finally {
          await Promise.all([loader.dispose(), rival.close()]);
        }
      }
  return { rows: rows.rows, notes: [...notes] };
}
