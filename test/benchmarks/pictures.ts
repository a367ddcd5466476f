import { spawnSync } from 'node:child_process';
import { readdirSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import { join } from 'node:path';
import { PictureLoader } from '../../src/preprocessing/index.js';
import { machine } from './machine.js';

// Usage: npx tsx test/benchmarks/pictures.ts, with TRIPLETLAB_DATA naming the folder of yummly/.

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

/** The same by torchvision; undefined where it is not installed. */
function theirs(files: readonly string[], vit: boolean, training: boolean, workers: number): Theirs | undefined {
  const input = JSON.stringify({ files, vit, training, workers, repeat: REPEAT });
  const run = spawnSync('/usr/bin/python3', ['test/benchmarks/pictures.py'], { input, encoding: 'utf8' });
  return run.status === 0 ? (JSON.parse(run.stdout) as Theirs) : undefined;
}

/** Pictures per second, read from JPEG files (Yummly's), beside Pillow and torchvision with as many workers. */
export async function benchmarkPictures(): Promise<Record<string, unknown>[]> {
  const folder = join(process.env['TRIPLETLAB_DATA']!, 'yummly', 'images');
  const files = readdirSync(folder)
    .filter((file) => file.endsWith('.jpg'))
    .map((file) => join(folder, file));
  const rows: Record<string, unknown>[] = [];
  for (const vit of [false, true])
    for (const training of [false, true])
      for (const workers of [1, availableParallelism()]) {
        const seconds = await ours(files, vit, training, workers);
        const other = theirs(files, vit, training, workers);
        rows.push({
          what: `${vit ? 'ViT' : 'ResNet'}, ${training ? 'training' : 'evaluation'}, ${workers} ${workers > 1 ? 'workers' : 'worker'}`,
          'pictures/s': files.length / seconds,
          ...(other && {
            [other.version]: files.length / other.seconds,
            times: other.seconds / seconds,
          }),
        });
      }
  return rows;
}

if (process.argv[1]?.endsWith('pictures.ts')) {
  console.log(machine());
  console.table(await benchmarkPictures());
}
