import { PythonRandom } from '../../src/random/python-random.js';
import { element, mat, matrix, types } from '../formats/mat-builder.js';
import { carAnnotations } from './class-folders.js';
import { readGolden, thingsPaths, thingsTree, without, type ThingsGolden, type Tree } from './folders.js';
import { ihsjcTree } from './ihsj-folder.js';
import { yummlyTree } from './yummly-folder.js';

// Sets in the published layouts, with empty pictures, as small as a set can be that has triplets in all subsets of all
// its versions: an epoch of their students is one small batch.

/** 60 % are 7, 20 % are 3 and 3. */
const ELEMENTS = 13;
/** Pictures of a class whose triplets are evaluated. */
const TEST_PICTURES = 3;

type Triple = readonly [number, number, number];

/** The classes (or pictures) of each subset of 60, 20 and 20 %, by the seed of the split. */
function subsetsOf(seed: number): Record<'training' | 'validation' | 'test', number[]> {
  const order = new PythonRandom(seed).permutation(Array.from({ length: ELEMENTS }, (_, i) => i));
  return { training: order.slice(0, 7), validation: order.slice(7, 10), test: order.slice(10) };
}

/** One triplet each to train and to validate on, and several of the test elements. */
function triplesOf(seed: number): Triple[] {
  const { training, validation, test } = subsetsOf(seed);
  const [a, b, c] = test;
  return [training.slice(2, 5) as unknown as Triple, validation as unknown as Triple, [a, b, c], [b, a, c], [a, c, b]];
}

/** Classes of pictures: one each, several in the classes of the test. */
function classesOfPictures(): number[] {
  const { test } = subsetsOf(0);
  return Array.from({ length: ELEMENTS }, (_, c) => Array.from({ length: test.includes(c) ? TEST_PICTURES : 1 }, () => c)).flat(); // prettier-ignore
}

function things(): Tree {
  const { words48_mat, rdm_mat } = readGolden<ThingsGolden>('things_small.json');
  const concepts = Array.from({ length: ELEMENTS }, (_, c) => `concept_${String(c).padStart(2, '0')}`);
  // what an index in the files means: the concept whose place in sortind has it, counted from 1
  const sortind = concepts.map((_, c) => ((5 * c + 2) % ELEMENTS) + 1);
  const lines = triplesOf(0).map((triple) => triple.map((c) => sortind[c] - 1));
  const tree = thingsTree(
    {
      tsv: `Word\tuniqueID\r\n${concepts.map((concept) => `${concept}\t${concept}\r\n`).join('')}`,
      pictures: classesOfPictures().map((c, i) => `${concepts[c]}/${concepts[c]}_${i}.jpg`),
      lines: { train90: lines.slice(0, 4), test10: lines.slice(4) },
      ...{ sortind, words48_mat, rdm_mat },
    },
    true,
  );
  const order = matrix(6, [ELEMENTS, 1], 'sortind', element(types.double, Float64Array.from(sortind)));
  return { ...without(tree, thingsPaths.remap), 'Revealing/variables/sortind.mat': mat(order) };
}

async function ihsj(): Promise<Tree> {
  const classes = classesOfPictures();
  const pictureOf = (c: number) => classes.indexOf(c);
  // of 8 shown one would choose 2; shown three, the query and two, one is chosen
  const trials = triplesOf(0).map((triple) => [...triple.map(pictureOf), ...Array.from({ length: 6 }, () => -1)]);
  return ihsjcTree(classes, trials, { chosen: 1 });
}

/** @param seeds of the splits that have triplets in all subsets */
function yummly(seeds = [0]): Tree {
  const stems = Array.from({ length: ELEMENTS }, (_, i) => `${i.toString(16)}`.repeat(32));
  const ingredients = Object.fromEntries(stems.map((stem, i) => [`${stem}.jpg`, { name: `dish ${i}` }]));
  return yummlyTree({ stems, rows: seeds.flatMap(triplesOf), ingredients }, true);
}

/** Numbers of classes, of three each half, and two pictures of each. */
const pictured = (...classes: number[]): (readonly [c: number, i: number])[] =>
  classes.flatMap((c) => [0, 1].map((i) => [c, i] as const));

function cub(): Tree {
  const names = pictured(1, 20, 100, 101, 150, 200).map(([c, i]) => {
    const folder = `${String(c).padStart(3, '0')}.Bird_${c}`;
    return `images/${folder}/Bird_${c}_000${i}.jpg`;
  });
  return Object.fromEntries(names.map((name) => [name, '']));
}

function cars(): Tree {
  const rows = pictured(1, 50, 98, 99, 150, 196).map(([c], i) => [`car_ims/00000${i}.jpg`, c] as const);
  const names = Array.from({ length: 196 }, (_, i) => `Make Model ${i + 1} 2012`);
  return { ...Object.fromEntries(rows.map(([path]) => [path, ''])), 'cars_annos.mat': carAnnotations(rows, names) };
}

function sop(): Tree {
  const row = ([c, i]: readonly [number, number], n: number) => ({ id: n + 1, c, path: `bicycle_final/${c}_${i}.JPG` });
  const halves = {
    'Ebay_train.txt': pictured(1, 2, 11318).map(row),
    'Ebay_test.txt': pictured(11319, 20000, 22634).map(row),
  };
  const tree: Tree = {};
  for (const [name, rows] of Object.entries(halves)) {
    tree[name] = `image_id class_id super_class_id path\n${rows.map(({ id, c, path }) => `${id} ${c} 1 ${path}\n`).join('')}`; // prettier-ignore
    for (const { path } of rows) tree[path] = '';
  }
  return tree;
}

/** By the folder of their configurations. */
export const smallSets = { things, ihsjc: ihsj, yummly, cub, cars, sop } as const;
export type SmallSet = keyof typeof smallSets;
