import { readdirSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import { join } from 'node:path';
import { PictureLoader } from '../../src/preprocessing/index.js';
import { python, resultOf } from './python.js';
import type { Options, Report, Row } from './report.js';

// Options: rounds=5.

const BATCH = 25;

interface Task {
  readonly files: readonly string[];
  readonly vit: boolean;
  readonly training: boolean;
  readonly workers: number;
  readonly repeat: number;
}

/** Seconds for all files once, the best of some epochs: the threads are running, nothing is kept. */
async function ours({ files, vit, training, workers, repeat }: Task): Promise<number> {
  const name = vit ? 'ViTImagePreprocessing' : 'ResNetImagePreprocessing';
  const loader = new PictureLoader({ preprocessing: { name, image_size: 224 }, workers, cacheBytes: 0 });
  let best = Infinity;
  for (let epoch = 0; epoch <= repeat; epoch++) {
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
export async function benchmarkPictures(options: Options): Promise<Report> {
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
        const task = { files, vit, training, workers, repeat: Number(options['rounds'] ?? 5) };
        const seconds = await ours(task);
        const other = resultOf(
          python<Theirs>('pictures.py', ['PIL', 'torchvision'], task),
          'Pillow and torchvision',
          notes,
        );
        const row = {
          what: `${vit ? 'ViT' : 'ResNet'}, ${training ? 'training' : 'evaluation'}, ${workers} ${workers > 1 ? 'workers' : 'worker'}`,
          'pictures/s': files.length / seconds,
          ...(other && { 'torchvision, pictures/s': files.length / other.seconds, times: other.seconds / seconds }),
        };
        rows.push(row);
        console.log(JSON.stringify(row));
        if (other !== undefined) notes.add(`beside ours: ${other.version}`);
      }
  return { rows, notes: [...notes] };
}
