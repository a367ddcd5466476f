import test from 'ava';
import { join } from 'node:path';
import sharp from 'sharp';
import type { DatasetConfiguration } from '../../src/configuration/index.js';
import {
  makeTripletDataset,
  readCustomData,
  subsets,
  syntheticDataset,
  writeCustomTriplets,
} from '../../src/datasets/index.js';
import { folderOf, refusal } from './folders.js';

const section = (options: Partial<DatasetConfiguration>): DatasetConfiguration => ({
  name: 'SyntheticTImg',
  version: 'direct',
  raw_data_directory_name: null,
  data_directory_name: null,
  batch_size: 30,
  ...options,
});

for (const directed of [true, false])
  test(`what is written is read again, ${directed ? 'anchor, near, far' : 'odd one out'}`, async (t) => {
    const drawn = syntheticDataset(section({ directed, num_items: 20, num_triplets: 2000 }));
    const folder = join(folderOf(t, {}), 'own');
    await writeCustomTriplets(folder, drawn, { triplets: drawn.drawn });
    const read = makeTripletDataset(section({ name: 'CustomTripletsTImg', raw_data_directory_name: folder, directed }));
    t.is(read.directed, directed);
    t.deepEqual(read.facts.notes, []);
    // The same items and triplets: split alike.
    for (const subset of subsets) {
      t.deepEqual(read.instances[subset], drawn.instances[subset]);
      t.deepEqual(read.triplets[subset], drawn.triplets[subset]);
    }
    const { file } = read.picture(7) as { file: string };
    const { data, info } = await sharp(file).raw().toBuffer({ resolveWithObject: true });
    t.deepEqual([info.width, info.height, info.channels], [256, 256, 3]);
    t.deepEqual(new Uint8Array(data), drawn.pixels(7, 256));
  });

test('the last pictures may be left without triplets; a folder with pictures is not written to', async (t) => {
  const drawn = syntheticDataset(section({ num_items: 12, num_triplets: 400 }));
  const folder = join(folderOf(t, {}), 'own');
  await writeCustomTriplets(folder, drawn, { unlabelled: 3 });
  const { items, triplets } = readCustomData(section({ name: 'CustomTripletsTImg', raw_data_directory_name: folder }));
  t.is(items.length, 12);
  t.true(triplets.every((item) => item < 9));
  const kept = subsets.flatMap((subset) => Array.from(drawn.triplets[subset]));
  const without = kept.filter((_, i) => [0, 1, 2].every((k) => kept[i - (i % 3) + k] < 9));
  t.deepEqual([...triplets], without);
  await t.throwsAsync(writeCustomTriplets(folder, drawn), {
    message: `invalid folder: ${join(folder, 'images')} is there already; choose another one`,
  });
  t.regex(
    refusal(t, () =>
      readCustomData(section({ name: 'CustomTripletsTImg', raw_data_directory_name: join(folder, 'x') })),
    ),
    /^missing data/,
  );
});
