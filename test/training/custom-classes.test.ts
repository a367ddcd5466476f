import test from 'ava';
import { rmSync } from 'node:fs';
import { join } from 'node:path';
import sharp from 'sharp';
import { loadTrainingConfiguration } from '../../src/configuration/index.js';
import { makeClassDataset } from '../../src/datasets/index.js';
import { drawPicture, factorNames } from '../../src/datasets/synthetic/synthetic-pictures.js';
import { embedRun } from '../../src/evaluation/index.js';
import { RandomStream } from '../../src/random/stream.js';
import { train } from '../../src/training/index.js';
import { temporaryFolder } from '../command-line.js';
import { writeTree, type Tree } from '../datasets/folders.js';

const [CLASSES, PICTURES, SIDE] = [8, 12, 32];

/** Pictures of a class differ by a little of each factor. */
async function classFolders(): Promise<Tree> {
  const tree: Record<string, Uint8Array> = {};
  for (let c = 0; c < CLASSES; c++) {
    const place = factorNames.map(() => new RandomStream(0, 'class', c).uniform());
    for (let p = 0; p < PICTURES; p++) {
      const stream = new RandomStream(0, 'picture', c, p);
      const factors = place.map((x) => Math.min(1, Math.max(0, x + 0.15 * (stream.uniform() - 0.5))));
      const raw = { width: SIDE, height: SIDE, channels: 3 } as const;
      tree[`images/class ${c}/${p}.png`] = await sharp(drawPicture(factors, SIDE), { raw }).png().toBuffer();
    }
  }
  return tree;
}

/** The share of pictures whose nearest other one is of the same class. */
function naivePrecision(rows: readonly Float32Array[], classes: readonly number[]): number {
  const right = rows.filter((row, i) => {
    const distances = rows.map((other, j) => (i === j ? Infinity : Math.hypot(...row.map((x, k) => x - other[k]))));
    return classes[distances.indexOf(Math.min(...distances))] === classes[i];
  });
  return right.length / rows.length;
}

test('a folder of classes trains a student without code; its best mP@1 is that of the checkpoint', async (t) => {
  const base = temporaryFolder();
  const root = join(base, 'animals');
  writeTree(root, await classFolders());
  const configuration = loadTrainingConfiguration('configurations/custom/custom_classes_se_rkd.yaml', [
    `dataset.raw_data_directory_name=${root}`,
    'dataset.batch_size=24',
    'preprocessing.name=SmallImagePreprocessing',
    'preprocessing.image_size=24',
    'model.name=SmallResNet',
    'model.frozen_variables=null',
    'model.embedding_size=16',
    'optimization.initial_learning_rate=0.01',
    'optimization.num_training_epochs=8',
  ]);
  const [record] = await train(configuration, { base });
  const losses = record.epochs.map((epoch) => epoch.training_loss);
  t.true(losses.at(-1)! < 0.7 * losses[0], `loss ${losses.join(' ')}`);
  t.is(record.best!.metric, 'mP@1');
  const dataset = makeClassDataset(configuration.dataset);
  const held = dataset.instances.test;
  t.is(held.length, (CLASSES / 2) * PICTURES);
  const { data, size } = await embedRun(record, dataset, { base, items: held });
  const rows = Array.from(held, (i) => data.slice(i * size, (i + 1) * size));
  const precision = naivePrecision(
    rows,
    Array.from(held, (i) => dataset.items[i].class),
  );
  t.is(record.best!.value, precision);
  t.true(precision > 0.6, `${precision}: by chance ${(PICTURES - 1) / (held.length - 1)}`);
  rmSync(base, { recursive: true });
});
