import { existsSync } from 'node:fs';
import { dirname, join } from 'node:path';
import test from 'ava';
import type { DatasetConfiguration } from '../../src/configuration/index.js';
import { makeDataset, type ClassDataset, type TripletDataset } from '../../src/datasets/index.js';
import { unpack } from '../../src/acquisition/unpack.js';
import { verify } from '../../src/acquisition/verify.js';
import { zipOf } from '../acquisition/archives.js';
import { folderOf, type Tree } from './folders.js';
import { smallSets } from './small-sets.js';

/** What systems and tools leave in every folder, some of it named as data are. */
function littered(tree: Tree): Tree {
  const folders = new Set(Object.keys(tree).flatMap((file) => ancestors(file)));
  const names = ['.DS_Store', 'Thumbs.db', 'THUMBS.DB', 'desktop.ini', '.ipynb_checkpoints/a.jpg', '__MACOSX/._a.jpg'];
  const litter = [...folders].flatMap((folder) => names.map((name) => join(folder, name)));
  const companions = Object.keys(tree).map((file) => join(dirname(file), `._${file.slice(file.lastIndexOf('/') + 1)}`));
  return { ...Object.fromEntries([...litter, ...companions].map((name) => [name, 'no picture'])), ...tree };
}

function ancestors(file: string): string[] {
  const folder = dirname(file);
  return folder === '.' ? ['.'] : [folder, ...ancestors(folder)];
}

const own: Tree = Object.fromEntries(Array.from({ length: 12 }, (_, i) => [`images/${'abcd'[i % 4]}/p${i}.jpg`, '']));
const numbers = Array.from({ length: 12 }, (_, i) => i);
const rows = numbers.flatMap((a) => numbers.flatMap((b) => numbers.map((c) => [a, b, c])));
const custom = { ...own, 'triplets.csv': rows.map((row) => `${row.map((i) => `p${i}`).join()}\n`).join('') };

const classes = 'source_embedding_from_class_information';
const sets: readonly (readonly [name: string, version: string, tree: () => Tree | Promise<Tree>])[] = [
  ['ThingsTImg', 'direct', smallSets.things],
  ['IHSJCTImg', 'direct', smallSets.ihsjc],
  ['YummlyTImg', 'direct', () => smallSets.yummly()],
  ['CUBSEC', classes, smallSets.cub],
  ['CARSSEC', classes, smallSets.cars],
  ['SOPSEC', classes, smallSets.sop],
  ['CustomTripletsTImg', 'direct', () => custom],
  ['CustomClassesSEC', classes, () => own],
];

for (const [name, version, tree] of sets)
  test(`${name}: what systems and tools leave beside data changes nothing`, async (t) => {
    const clean = await tree();
    const read = (files: Tree) => {
      const root = folderOf(t, files);
      const request = { name, version, raw_data_directory_name: root, data_directory_name: null, batch_size: 3 };
      const dataset: TripletDataset | ClassDataset = makeDataset(request as DatasetConfiguration);
      const { items, classNames, instances, facts } = dataset;
      const said = { items, classNames, instances, facts, triplets: 'triplets' in dataset ? dataset.triplets : null };
      return JSON.parse(JSON.stringify(said).replaceAll(root, 'ROOT')) as unknown;
    };
    t.deepEqual(read(littered(clean)), read(clean));
  });

test('they are neither counted nor unpacked', async (t) => {
  const manifest = {
    name: 'cub',
    title: '',
    terms: '',
    steps: [],
    files: [{ pattern: 'images/*/*.jpg', count: 12 }],
  } as unknown as Parameters<typeof verify>[0];
  t.like((await verify(manifest, folderOf(t, littered(own))))[0], { status: 'ok', detail: '12 files' });
  const archive = join(
    folderOf(t, {
      archive: zipOf(Object.keys(littered(own)).map((name) => ({ name, contents: 'x' }))),
    }),
    'archive',
  );
  const root = folderOf(t);
  const result = await unpack(archive, { format: 'zip', take: [{ from: '', to: '' }] }, root);
  t.deepEqual(result, { unpacked: 12, there: 0 });
  t.false(existsSync(join(root, '__MACOSX')));
});
