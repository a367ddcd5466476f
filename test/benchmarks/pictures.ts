import { readdirSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import { join } from 'node:path';
import { PictureLoader } from '../../src/preprocessing/index.js';
import { python, resultOf } from './python.js';
import type { Report, Row } from './report.js';

const BATCH = 25;
const REPEAT = 5;

/** Seconds for all files once, the best of some epochs: the threads are running, nothing is kept. */
async function ours(files: readonly string[], vit: boolean, training: boolean, workers: number): Promise<number> {
  const name = vit ? 'ViTImagePreprocessing' : 'ResNetImagePreprocessing';
  const loader = new PictureLoader({ preprocessing: { name, image_size: 224 }, workers, cacheBytes: 0 });
  let best = Infinity;
  for (let epoch = 0; epoch <= REPEAT; epoch++) {
    const requests = Array.from({ length: Math.ceil(files.length / BATCH) }, (_, i) => {
      const names = files.slice(i * BATCH, (i + 1) * BATCH);
      const augmentation = training ? { augmentation: { seed: 0, epoch, first: i * BATCH } } : {};
      return { pictures: names.map((file) => ({ file })), names, ...augmentation };
    });
    const start = performance.now();
    for await (const { bad } of loader.load(requests)) if (bad.length > 0) throw new Error(bad[0].reason);
    if (epoch > 0) best = Math.min(best, (performance.now() - start) / 1000);
  }
  await loader.dispose();
  return best;
}

interface Theirs {
  readonly seconds: number;
  readonly version: string;
}

/** Pictures per second, read from JPEG files (Yummly's), beside Pillow and torchvision with as many workers. */
export async function benchmarkPictures(): Promise<Report> {
  const root = process.env['TRIPLETLAB_DATA'];
  if (root === undefined) return { rows: [], notes: ['skipped; set TRIPLETLAB_DATA to the folder of yummly/'] };
  const folder = join(root, 'yummly', 'images');
  const files = readdirSync(folder)
    .filter((file) => file.endsWith('.jpg'))
    .map((file) => join(folder, file));
  const rows: Row[] = [];
  const notes = new Set<string>();
  for (const vit of [false, true])
    for (const training of [false, true])
      for (const workers of [1, availableParallelism()]) {
        const seconds = await ours(files, vit, training, workers);
        const input = { files, vit, training, workers, repeat: REPEAT };
        const other = resultOf(
          python<Theirs>('pictures.py', ['PIL', 'torchvision'], input),
          'Pillow and torchvision',
          notes,
        );
        rows.push({
          what: `${vit ? 'ViT' : 'ResNet'}, ${training ? 'training' : 'evaluation'}, ${workers} ${workers > 1 ? 'workers' : 'worker'}`,
          'pictures/s': files.length / seconds,
          ...(other && { 'torchvision, pictures/s': files.length / other.seconds, times: other.seconds / seconds }),
        });
        if (other !== undefined) notes.add(`beside ours: ${other.version}`);
      }
  return { rows, notes: [...notes] };
}
