import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import test, { type ExecutionContext } from 'ava';
import sharp from 'sharp';
import type { PreprocessingConfiguration } from '../../src/configuration/types.js';
import { augmentationDraws, imageSize } from '../../src/preprocessing/index.js';
import { bytesOf, drawn, loadAll, pythonHas } from './helpers.js';

const folder = mkdtempSync(join(tmpdir(), 'tripletlab-torchvision-'));
test.after.always(() => {
  rmSync(folder, { recursive: true });
});

// larger and smaller than the result, tall and wide beyond every crop's ratio, tiny
const shapes = [
  [640, 427], [427, 640], [256, 256], [248, 300], [333, 251], [100, 75], [31, 57], [500, 90], [40, 700], [3, 400],
  [1, 1], [2, 1], [1201, 799], [255, 257],
]; // prettier-ignore

const files = shapes.map((_, i) => join(folder, `${i}.png`));
test.before(async () => {
  for (const [i, [width, height]] of shapes.entries())
    await sharp(drawn(width, height, i), { raw: { width, height, channels: 3 } })
      .png()
      .toFile(files[i]);
});

function torchvision(preprocessing: PreprocessingConfiguration, paths: string[], draws: number[][] | null): Uint8Array {
  const run = spawnSync('/usr/bin/python3', ['test/preprocessing/with-torchvision.py'], {
    input: JSON.stringify({ preprocessing: preprocessing.name, size: imageSize(preprocessing), files: paths, draws }),
    maxBuffer: 2 ** 28,
  });
  if (run.status !== 0) throw new Error(run.stderr.toString());
  return new Uint8Array(run.stdout);
}

/** How many pictures differ, and by how much at most. */
function compare(t: ExecutionContext, ours: Uint8Array, theirs: Uint8Array): void {
  t.is(ours.length, theirs.length);
  let most = 0;
  let at = -1;
  for (let i = 0; i < ours.length; i++)
    if (Math.abs(ours[i] - theirs[i]) > most) [most, at] = [Math.abs(ours[i] - theirs[i]), i];
  t.is(most, 0, `value ${at}, picture ${Math.floor((at * shapes.length) / ours.length)}`);
}

const preprocessings: PreprocessingConfiguration[] = [
  { name: 'ResNetImagePreprocessing', image_size: null },
  { name: 'ResNetImagePreprocessing', image_size: 224 },
  { name: 'ResNetImagePreprocessing', image_size: 301 }, // beyond the resized picture: padded
  { name: 'ViTImagePreprocessing', image_size: null },
  { name: 'SmallImagePreprocessing', image_size: 33 },
];

const present = pythonHas('torchvision', 'PIL');
// SHA-256 of what torchvision 0.14.1 and Pillow 9.4.0 gave, for machines without them
const recorded = JSON.parse(readFileSync('test/preprocessing/torchvision.json', 'utf8')) as Record<string, string>;

for (const preprocessing of preprocessings)
  for (const training of [false, true]) {
    const name = `${preprocessing.name} of ${imageSize(preprocessing)} in ${training ? 'training' : 'evaluation'}`;
    test.serial(`${name} is torchvision's to the byte${present ? '' : ' (by its recorded digest)'}`, async (t) => {
      const paths = training ? [...files, ...files, ...files] : files;
      const pictures = paths.map((file) => ({ file }));
      const augmentation = { seed: 5, epoch: 3, first: 100 };
      const request = { pictures, names: paths, ...(training && { augmentation }) };
      const [batch] = await loadAll({ preprocessing, workers: 2 }, [request]);
      const bytes = bytesOf(batch, preprocessing);
      if (present) {
        const draws = augmentationDraws(augmentation, paths.length);
        const each = draws.length / paths.length;
        const rows = paths.map((_, i) => Array.from(draws.subarray(i * each, (i + 1) * each)));
        compare(t, bytes, torchvision(preprocessing, paths, training ? rows : null));
      }
      t.is(createHash('sha256').update(bytes).digest('hex'), recorded[name]);
    });
  }
