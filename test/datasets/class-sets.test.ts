import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import test from 'ava';
import type { DatasetConfiguration } from '../../src/configuration/index.js';
import type { DatasetName } from '../../src/catalogue/datasets.js';
import {
  classNameOf,
  isTripletDataset,
  makeClassDataset,
  makeDataset,
  type ClassDataset,
} from '../../src/datasets/index.js';
import { PythonRandom } from '../../src/random/python-random.js';
import { carAnnotations } from './class-folders.js';
import { folderOf, refusal, without, type Tree } from './folders.js';

const version = 'source_embedding_from_class_information';
const request = (name: DatasetName, root: string): DatasetConfiguration => ({
  name,
  version,
  raw_data_directory_name: root,
  data_directory_name: null,
  batch_size: 8,
});
const made = (name: DatasetName, root: string) => makeClassDataset(request(name, root));
const classesOf = ({ items }: ClassDataset, indexes: Int32Array) => Array.from(indexes, (index) => items[index].class);

const cubTree: Tree = Object.fromEntries(
  [
    '002.Laysan_Albatross/b.jpg',
    '001.Black_footed_Albatross/z.jpg',
    '001.Black_footed_Albatross/A.jpg',
    '100.Brown_Pelican/only.jpg',
    '101.White_Pelican/1.jpg',
    '101.White_Pelican/2.jpg',
    '200.Common_Yellowthroat/x.jpg',
    '200.Common_Yellowthroat/._x.jpg',
    '200.Common_Yellowthroat/notes.txt',
  ].map((name) => [`images/${name}`, '']),
);

test('CUB: pictures by path, classes from 1, training to 100, the others validation and test', (t) => {
  const root = folderOf(t, cubTree);
  const data = made('CUBSEC', root);
  const names = data.items.map(({ file }) => file!.slice(root.length + '/images/'.length));
  t.deepEqual(names, [
    '001.Black_footed_Albatross/A.jpg',
    '001.Black_footed_Albatross/z.jpg',
    '002.Laysan_Albatross/b.jpg',
    '100.Brown_Pelican/only.jpg',
    '101.White_Pelican/1.jpg',
    '101.White_Pelican/2.jpg',
    '200.Common_Yellowthroat/x.jpg',
  ]);
  t.deepEqual([...data.instances.training], [0, 1, 2, 3]);
  t.deepEqual([...data.instances.test], [4, 5, 6]);
  t.deepEqual(data.instances.validation, data.instances.test);
  t.deepEqual(classesOf(data, data.instances.training), [1, 1, 2, 100]);
  t.is(data.numClasses, 200);
  t.is(data.firstClass, 1);
  t.is(classNameOf(data, data.items[3]), 'Brown Pelican');
  t.is(data.random.getrandbits(32), new PythonRandom(0).getrandbits(32));
  t.deepEqual(data.picture(3), { file: join(root, 'images/100.Brown_Pelican/only.jpg') });
  t.deepEqual(data.facts.notes, [
    '7 pictures instead of 11788',
    '3 classes (the first is Laysan Albatross) have one picture: mP@1 leaves it out in training, and counts it as wrong in evaluation',
  ]);
  t.false(isTripletDataset(makeDataset(request('CUBSEC', root))));
});

test('CUB: what cannot be', (t) => {
  const refused = (tree: Tree) => {
    const root = folderOf(t, tree);
    return refusal(t, () => made('CUBSEC', root))
      .replaceAll(`${root}/`, '')
      .replaceAll(root, 'ROOT');
  };
  t.is(refused({}), 'no files in ROOT; see data-manifests/cub.yaml');
  t.is(refused({ 'a.txt': '' }), 'missing file: images/*/*.jpg; see data-manifests/cub.yaml');
  for (const name of ['birds', '201.X', '000.X'])
    t.is(
      refused({ ...cubTree, [`images/${name}/1.jpg`]: '' }),
      `invalid images/${name}: not named NNN.Name with a class of 1 to 200; see data-manifests/cub.yaml`,
    );
  t.is(
    refused({ 'images/001.A/1.jpg': '', 'images/002.A/1.jpg': '' }),
    'empty test half of CUBSEC: no pictures of its classes in ROOT',
  );
  t.is(
    refused({ 'images/001.A/1.jpg': '', 'images/102.A/1.jpg': '' }),
    'invalid training half of CUBSEC: one class; give pictures of two classes or more',
  );
  t.regex(
    refusal(t, () => makeClassDataset({ ...request('CUBSEC', '.'), version: 'direct' })),
    /^unknown dataset\.version: direct; /,
  );
  t.is(
    refusal(t, () => makeClassDataset(request('YummlySE', '.'))),
    'unsupported dataset.name: YummlySE; classes come from CUBSEC, CARSSEC, SOPSEC, CustomClassesSEC',
  );
});

const carRows = [
  ['car_ims/000003.jpg', 98],
  ['car_ims/000001.jpg', 1],
  ['car_ims/000002.jpg', 99],
  ['car_ims/000004.jpg', 196],
  ['car_ims/000005.jpg', 1],
] as const;
const carPictures = Object.fromEntries(carRows.map(([path]) => [path, '']));

test('CARS: pictures in the order of the annotations, training to 98', (t) => {
  const names = ['AM General Hummer SUV 2000', 'Acura RL Sedan 2012'];
  const root = folderOf(t, { ...carPictures, 'cars_annos.mat': carAnnotations(carRows, names) });
  const data = made('CARSSEC', root);
  t.deepEqual(
    data.items.map(({ file, class: c }) => [file!.slice(root.length + 1), c]),
    carRows.map((row) => [...row]),
  );
  t.deepEqual([...data.instances.training], [0, 1, 4]);
  t.deepEqual([...data.instances.validation], [2, 3]);
  t.is(data.numClasses, 196);
  t.is(classNameOf(data, data.items[1]), names[0]);
  t.is(classNameOf(data, data.items[2]), 'class 99');
  t.is(data.facts.notes[0], '5 pictures instead of 16185');
});

test("CARS: scipy's file of the reference vectors", (t) => {
  const expected = (JSON.parse(readFileSync('test/golden/formats/mat.json', 'utf8')) as { cars: [string, number][] })
    .cars;
  const root = folderOf(t, {
    'cars_annos.mat': readFileSync('test/golden/formats/cars_annos.mat'),
    ...Object.fromEntries(expected.map(([path]) => [path, ''])),
  });
  const data = made('CARSSEC', root);
  t.deepEqual(
    data.items.map(({ file, class: c }) => [file!.slice(root.length + 1), c]),
    expected,
  );
  t.deepEqual([data.instances.training, data.instances.test], [Int32Array.of(0, 1), Int32Array.of(2)]);
});

test('CARS: what is missing or wrong', (t) => {
  const refused = (rows: Parameters<typeof carAnnotations>[0], pictures: Tree = carPictures) => {
    const root = folderOf(t, { ...pictures, 'cars_annos.mat': carAnnotations(rows, []) });
    return refusal(t, () => made('CARSSEC', root)).replaceAll(`${root}/`, '');
  };
  t.is(
    refused([['car_ims/000001.jpg', 197]]),
    'invalid cars_annos.mat: annotation 1 has no class of 1 to 196; see data-manifests/cars.yaml',
  );
  t.is(
    refused([['../secret.jpg', 1]]),
    'invalid cars_annos.mat: annotation 1 leads out of the folder: ../secret.jpg; see data-manifests/cars.yaml',
  );
  t.is(refused(carRows, {}), 'missing pictures: none of 5 is there, the first is car_ims/000003.jpg');
  const root = folderOf(t, { 'car_ims/000001.jpg': '' });
  t.is(
    refusal(t, () => made('CARSSEC', root)),
    `missing file: ${root}/cars_annos.mat; see data-manifests/cars.yaml`,
  );
  const partly = folderOf(t, {
    ...without(carPictures, 'car_ims/000002.jpg', 'car_ims/000003.jpg'),
    'cars_annos.mat': carAnnotations(carRows, []),
  });
  t.is(
    made('CARSSEC', partly).facts.notes.at(-1),
    `2 of 5 pictures are missing, the first is ${partly}/car_ims/000003.jpg`,
  );
});

const sopTree: Tree = {
  'Ebay_train.txt':
    'image_id class_id super_class_id path\n1 1 1 bicycle_final/111_0.JPG\n2 1 1 bicycle_final/111_1.JPG\n3 2 1 bicycle_final/222_0.JPG\n',
  'Ebay_test.txt':
    'image_id class_id super_class_id path\r\n4 11319 2 cabinet_final/a.JPG\r\n5 11319 2 cabinet_final/b.JPG\r\n6 22634 2 cabinet_final/c.JPG\r\n',
  ...Object.fromEntries(
    [
      'bicycle_final/111_0',
      'bicycle_final/111_1',
      'bicycle_final/222_0',
      'cabinet_final/a',
      'cabinet_final/b',
      'cabinet_final/c',
    ].map((name) => [`${name}.JPG`, '']),
  ),
};

test('SOP: pictures in the order of the two files, one after the other', (t) => {
  const root = folderOf(t, sopTree);
  const data = made('SOPSEC', root);
  t.deepEqual(
    data.items.map(({ file, class: c }) => [file!.slice(root.length + 1), c]),
    [
      ['bicycle_final/111_0.JPG', 1],
      ['bicycle_final/111_1.JPG', 1],
      ['bicycle_final/222_0.JPG', 2],
      ['cabinet_final/a.JPG', 11319],
      ['cabinet_final/b.JPG', 11319],
      ['cabinet_final/c.JPG', 22634],
    ],
  );
  t.deepEqual([...data.instances.training], [0, 1, 2]);
  t.deepEqual([...data.instances.validation], [3, 4, 5]);
  t.is(data.numClasses, 22634);
  t.is(classNameOf(data, data.items[5]), 'product 22634');
});

test('SOP: what is missing or wrong, with its line', (t) => {
  const refused = (tree: Tree) => {
    const root = folderOf(t, tree);
    return refusal(t, () => made('SOPSEC', root)).replaceAll(`${root}/`, '');
  };
  for (const name of ['Ebay_train.txt', 'Ebay_test.txt'])
    t.is(refused(without(sopTree, name)), `missing file: ${name}; see data-manifests/sop.yaml`);
  for (const row of ['4 22635 2 a.JPG', '4 0 2 a.JPG', '4 1 2', 'text'])
    t.is(
      refused({ ...sopTree, 'Ebay_test.txt': `header\n5 3 1 cabinet_final/a.JPG\n${row}\n` }),
      `invalid Ebay_test.txt line 3: '${row}' is not image_id class_id super_class_id path, with a class of 1 to 22634; see data-manifests/sop.yaml`,
    );
  for (const header of ['4 3 1 cabinet_final/b.JPG', 'image_id super_class_id class_id path'])
    t.is(
      refused({ ...sopTree, 'Ebay_test.txt': `${header}\n5 3 1 cabinet_final/a.JPG\n` }),
      `invalid Ebay_test.txt line 1: '${header}' is not the header image_id class_id super_class_id path; see data-manifests/sop.yaml`,
    );
  t.is(
    refused({ ...sopTree, 'Ebay_test.txt': 'header\n5 3 1 /etc/passwd\n' }),
    'invalid Ebay_test.txt line 2: its path leads out of the folder; see data-manifests/sop.yaml',
  );
});

const folder = process.env['TRIPLETLAB_DATA'];
const half = folder && existsSync(join(folder, 'cub100')) ? join(folder, 'cub100') : null;
(half === null ? test.skip : test)(
  'CUB half: 5,902 pictures of 100 classes, 45 to 60 each (skipped where TRIPLETLAB_DATA has no cub100)',
  (t) => {
    const data = made('CUBSEC', half!);
    t.is(data.items.length, 5902);
    const counts = new Map<number, number>();
    for (const { class: c } of data.items) counts.set(c, (counts.get(c) ?? 0) + 1);
    t.deepEqual(
      [...counts.keys()],
      Array.from({ length: 100 }, (_, i) => 2 * i + 1),
    );
    t.true([...counts.values()].every((count) => count >= 45 && count <= 60));
    t.true(classesOf(data, data.instances.training).every((c) => c <= 99));
    t.true(classesOf(data, data.instances.test).every((c) => c >= 101));
    t.is(data.instances.training.length + data.instances.test.length, 5902);
    t.is(data.facts.counts['training_classes'], 50);
  },
);
