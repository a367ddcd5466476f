import test from 'ava';
import type { DatasetConfiguration } from '../../src/configuration/index.js';
import { makeClassDataset } from '../../src/datasets/index.js';
import { folderOf, refusal, type Tree } from './folders.js';

const made = (root: string) =>
  makeClassDataset({
    name: 'CustomClassesSEC',
    version: 'source_embedding_from_class_information',
    raw_data_directory_name: root,
    data_directory_name: null,
    batch_size: 8,
  } satisfies DatasetConfiguration);

const customTree: Tree = Object.fromEntries(
  ['b/2.png', 'b/10.JPG', 'a/1.jpeg', 'a/deeper/2.webp', 'c/1.jpg', 'e/1.jpg', 'd/1.jpg', 'd/2.jpg', 'd/list.txt'].map(
    (name) => [`images/${name}`, ''],
  ),
);

test('custom classes: folders sorted, the first half (and the middle) trains', (t) => {
  const root = folderOf(t, customTree);
  const data = made(root);
  t.deepEqual(data.classNames, ['a', 'b', 'c', 'd', 'e']);
  t.deepEqual(
    data.items.map(({ file, class: c }) => [file!.slice(root.length + '/images/'.length), c]),
    [
      ['a/1.jpeg', 1],
      ['a/deeper/2.webp', 1],
      ['b/10.JPG', 2],
      ['b/2.png', 2],
      ['c/1.jpg', 3],
      ['d/1.jpg', 4],
      ['d/2.jpg', 4],
      ['e/1.jpg', 5],
    ],
  );
  t.deepEqual([...data.instances.training], [0, 1, 2, 3, 4]);
  t.deepEqual([...data.instances.test], [5, 6, 7]);
  t.is(data.numClasses, 5);
  t.deepEqual(data.facts.notes, [
    '2 classes (the first is c) have one picture: mP@1 leaves it out in training, and counts it as wrong in evaluation',
  ]);
});

test('custom classes: what cannot be', (t) => {
  const layout = 'CustomClassesSEC needs a folder with images/CLASS/ (jpg, jpeg, png or webp), a folder for each class';
  const refused = (tree: Tree) => {
    const root = folderOf(t, tree);
    return refusal(t, () => made(root)).replaceAll(`${root}/`, '');
  };
  t.is(
    refused({ ...customTree, 'images/f/list.txt': '' }),
    `invalid images/f: a class without pictures; add some or remove it; ${layout}`,
  );
  t.is(
    refused({ 'images/a/1.jpg': '', 'images/b/1.jpg': '' }),
    `invalid images: 2 class folders; give 4 or more; ${layout}`,
  );
  t.is(
    refusal(t, () => made('/no/such/folder')),
    'missing data: there is no folder /no/such/folder; CustomClassesSEC needs one with images/CLASS/ (jpg, jpeg, png or webp), a folder for each class',
  );
});
