import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import test from 'ava';
import type { DatasetConfiguration } from '../../src/configuration/types.js';
import { DataFolder } from '../../src/datasets/data-folder.js';
import { subsets, type Subset, type TripletDataset } from '../../src/datasets/dataset.js';
import { makeTripletDataset } from '../../src/datasets/index.js';
import { configuredRoot } from '../../src/acquisition/locate.js';
import { readThings } from '../../src/datasets/sets/things.js';
import { readSposeEmbedding, readTestClasses, readTestSimilarity } from '../../src/datasets/sets/things-files.js';
import { readYummly } from '../../src/datasets/sets/yummly.js';
import { pythonHas } from '../random/python.js';
import { readGolden } from './folders.js';

const data = process.env['TRIPLETLAB_DATA'];
const rootOf = (source: string) => (data && existsSync(join(data, source)) ? join(data, source) : null);
const [things, yummly] = [rootOf('things'), rootOf('yummly')];
const withThings = things === null ? test.skip : test;
const withYummly = yummly === null ? test.skip : test;
const reason = '(skipped where TRIPLETLAB_DATA has no such data)';

function made(
  name: 'ThingsTInd' | 'ThingsSE' | 'YummlyTInd' | 'YummlyTImg' | 'YummlySE',
  version: string,
): TripletDataset {
  const root = configuredRoot(name.startsWith('Things') ? 'things' : 'yummly');
  const request = { name, version, raw_data_directory_name: root, data_directory_name: null, batch_size: 300 };
  return makeTripletDataset(request satisfies DatasetConfiguration);
}

const digest = (indexes: Int32Array) =>
  createHash('sha256')
    .update(new Uint8Array(indexes.buffer, indexes.byteOffset, indexes.byteLength))
    .digest('hex');

/** Where files hold other rows than those that the splits below were made of, nothing can be said. */
const sameFile = (root: string | null, file: string, sha256: string) =>
  root !== null &&
  createHash('sha256')
    .update(readFileSync(join(root, file)))
    .digest('hex') === sha256;
const thingsAreTheSame =
  things !== null &&
  !existsSync(join(things, 'Revealing/triplets/data1854_baseline_train90.txt')) &&
  !existsSync(join(things, 'Main/aardvark'));
const yummlyIsTheSame = sameFile(
  yummly,
  'all-triplets.csv',
  '1c523f5071aa3b9d1852f83eb09678e1a01c304df0121f105fdf82d0652a48e8',
);
const comparable = (name: string) => (name.startsWith('Things') ? thingsAreTheSame : yummlyIsTheSame);

withThings(`THINGS: 1,854 concepts, 146,168 triplets in the file of 10 % ${reason}`, (t) => {
  const { classNames, classTriplets, folder, items } = readThings(things!, 'optional');
  t.is(classNames.length, 1854);
  t.is(new Set(classNames).size, 1854);
  t.deepEqual([classNames[0], classNames[1853]], ['aardvark', 'zucchini']);
  if (!thingsAreTheSame) return;
  t.is(items.length, 1854);
  t.is(classTriplets.length, 3 * 146168);
  t.is(new Set(classTriplets).size, 1854, 'every concept occurs');
  t.true(folder.missing.includes('Revealing/triplets/data1854_baseline_train90.txt'));
});

withThings(`THINGS: the published embedding names the odd one out, by the remap 65.68 % ${reason}`, (t) => {
  if (!thingsAreTheSame) {
    t.pass('other triplets');
    return;
  }
  const { classTriplets, folder } = readThings(things!, 'optional');
  const { shape, data: values } = readSposeEmbedding(folder, 66);
  t.deepEqual(shape, [1854, 66]);
  const dot = (i: number, j: number) => {
    let sum = 0;
    for (let k = 0; k < 66; k++) sum += Number(values[i * 66 + k]) * Number(values[j * 66 + k]);
    return sum;
  };
  let correct = 0;
  for (let i = 0; i < classTriplets.length; i += 3) {
    const [a, b, c] = classTriplets.subarray(i, i + 3);
    if (dot(a, b) > dot(a, c) && dot(a, b) > dot(b, c)) correct++;
  }
  t.is((correct / 146168).toFixed(4), '0.6568');
});

withThings(`THINGS: 48 test concepts, their similarities, the 49 dimensions ${reason}`, (t) => {
  const folder = new DataFolder(things!, 'things');
  const { classNames } = readThings(things!, 'optional');
  const names = Array.from(readTestClasses(folder, classNames), (c) => classNames[c]);
  t.is(names.length, 48);
  t.is(new Set(names).size, 48);
  t.deepEqual([names[0], names[14], names[26], names[34]], ['pizza', 'music_box', 'camera1', 'file1']);
  const { shape, data: similarity } = readTestSimilarity(folder);
  t.deepEqual(shape, [48, 48]);
  for (let i = 0; i < 48; i++)
    for (let j = 0; j < 48; j++) t.is(similarity[i * 48 + j], similarity[j * 48 + i], `${i} ${j}`);
  t.deepEqual(readSposeEmbedding(folder).shape, [1854, 49]);
});

withYummly(`Yummly: 100 pictures, 250,320 rows, 190,376 of them distinct ${reason}`, (t) => {
  const { items, triplets, classNames } = readYummly(yummly!, 'required');
  t.is(items.length, 100);
  t.true(items.every(({ file }) => existsSync(file!)));
  t.is(triplets.length, 3 * 250320);
  const distinct = new Set<number>();
  for (let i = 0; i < triplets.length; i += 3)
    distinct.add(triplets[i] * 10000 + triplets[i + 1] * 100 + triplets[i + 2]);
  t.is(distinct.size, 190376);
  const cauliflower = items.findIndex(({ file }) => file!.endsWith('8dcf0166aaee451096029975ea64e122.jpg'));
  t.is(classNames[cauliflower], 'Cauliflower Gratin with Sharp Cheddar and Parmesan');
});

withYummly(`YummlySE and YummlyTImg are the pictures and splits of YummlyTInd ${reason}`, (t) => {
  const indexes = made('YummlyTInd', 'source_embedding~2');
  for (const name of ['YummlySE', 'YummlyTImg'] as const) {
    const pictures = made(name, 'source_embedding~2');
    t.deepEqual(pictures.triplets, indexes.triplets);
    t.deepEqual(pictures.instances, indexes.instances);
    t.true(pictures.items.every(({ file, index }) => 'file' in pictures.picture(index) && existsSync(file!)));
  }
});

withThings(`ThingsSE needs its pictures ${reason}`, (t) => {
  if (!thingsAreTheSame) {
    t.pass('the pictures are there');
    return;
  }
  t.throws(() => made('ThingsSE', 'source_embedding'), { message: /^missing file: .*Main\/\*\/\*\.jpg; see / });
});

type Digests = Record<Subset | `${Subset}_instances`, string> & { next: number };
const reference = readGolden<Record<string, Digests>>('real_splits.json');
for (const [name, expected] of Object.entries(reference))
  (comparable(name) ? test : test.skip)(
    `${name} of the real files: as the reference splits them (skipped without these very files)`,
    (t) => {
      const [dataset, version] = name.split(' ') as ['ThingsTInd' | 'YummlyTInd', string];
      const { triplets, instances, random } = made(dataset, version);
      for (const subset of subsets) {
        t.is(digest(triplets[subset]), expected[subset], subset);
        t.is(digest(instances[subset]), expected[`${subset}_instances`], subset);
      }
      t.is(random.getrandbits(32), expected.next);
    },
  );

(thingsAreTheSame && yummlyIsTheSame && pythonHas('random') ? test : test.skip)(
  "Python's own random and set give the same splits (skipped without the data or python3)",
  (t) => {
    const cases: ['ThingsTInd' | 'YummlyTInd', string][] = [
      ['ThingsTInd', 'psycho'],
      ['ThingsTInd', 'source_embedding'],
      ['ThingsTInd', 'direct'],
      ['YummlyTInd', 'psycho'],
      ['YummlyTInd', 'direct~4'],
      ['YummlyTInd', 'source_embedding~2'],
    ];
    const input = JSON.stringify({ things, yummly, cases });
    const answers = JSON.parse(
      execFileSync('/usr/bin/python3', ['test/datasets/recompute_splits.py'], { input, encoding: 'utf8' }),
    ) as { triplets: string[]; instances: string[]; next: number }[];
    cases.forEach(([name, version], i) => {
      const { triplets, instances, random } = made(name, version);
      t.deepEqual(
        subsets.map((subset) => digest(triplets[subset])),
        answers[i].triplets,
        version,
      );
      t.deepEqual(
        subsets.map((subset) => digest(instances[subset])),
        answers[i].instances,
        version,
      );
      t.is(random.getrandbits(32), answers[i].next, version);
    });
  },
);
