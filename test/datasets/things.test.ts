import { symlinkSync } from 'node:fs';
import { join } from 'node:path';
import test from 'ava';
import fc from 'fast-check';
import { DataFolder } from '../../src/datasets/data-folder.js';
import { subsets } from '../../src/datasets/dataset.js';
import { makeThings, readThings } from '../../src/datasets/sets/things.js';
import { readSposeEmbedding, readTestClasses, readTestSimilarity } from '../../src/datasets/sets/things-files.js';
import {
  folderOf,
  readGolden,
  refusal,
  thingsPaths,
  thingsTree,
  without,
  type ThingsGolden,
  type Tree,
} from './folders.js';

const golden = readGolden<ThingsGolden>('things_small.json');
const { concepts, train, test: test10, remap, words } = thingsPaths;

const request = (root: string, version: string) => ({
  name: 'ThingsTInd',
  version,
  raw_data_directory_name: root,
});

test('pictures and classes are those of the reference, sorted by path', (t) => {
  const root = folderOf(t, {
    ...thingsTree(golden, true),
    'Main/concept_00/notes.txt': 'no picture',
    'Main/a.jpg': '',
  });
  const { items, classNames } = readThings(root, 'required');
  t.deepEqual(
    items.map(({ file }) => file),
    golden.files.map((file) => join(root, file)),
  );
  t.deepEqual(
    items.map((item) => item.class),
    golden.classes,
  );
  t.deepEqual(
    items.map(({ index }) => index),
    golden.files.map((_, i) => i),
  );
  t.deepEqual(classNames, golden.concepts);
});

for (const version of ['direct', 'psycho', 'source_embedding', 'quasi_original'] as const)
  test(`${version}: triplets, instances, prototypes and the next draws are those of the reference`, (t) => {
    const expected = golden.versions[version];
    const made = makeThings(request(folderOf(t, thingsTree(golden, true)), version), 'required');
    for (const subset of subsets) {
      t.deepEqual([...made.triplets[subset]], expected.triplets[subset], subset);
      t.deepEqual([...made.instances[subset]], expected.instances[subset], subset);
    }
    t.deepEqual([...made.prototypes], expected.prototypes);
    t.deepEqual(
      expected.next.map(() => made.random.getrandbits(32)),
      expected.next,
    );
    t.false(made.directed);
  });

test('without pictures: one instance a concept, the same split of concepts, and a note', (t) => {
  const root = folderOf(t, thingsTree(golden, false));
  const made = makeThings(request(root, 'psycho'), 'optional');
  const expected = golden.versions.psycho;
  const classes = (items: Iterable<number>) => Array.from(items, (item) => golden.classes[item]);
  for (const subset of subsets) {
    t.deepEqual([...made.triplets[subset]], classes(expected.triplets[subset]));
    t.deepEqual([...made.instances[subset]], classes(expected.instances[subset]));
  }
  t.deepEqual(
    [...made.prototypes],
    golden.concepts.map((_, i) => i),
  );
  t.true(made.items.every(({ file, index, class: c }) => file === null && index === c));
  t.deepEqual(made.facts.missing, ['Main/*/*.jpg']);
  t.regex(made.facts.notes.join(), /pictures are absent: one instance a concept \(40 items instead of 26107\)/);
  t.deepEqual(made.facts.counts, {
    items: 40,
    pictures: 0,
    classes: 40,
    class_triplets: 1000,
    training: expected.triplets.training.length / 3,
    validation: expected.triplets.validation.length / 3,
    test: expected.triplets.test.length / 3,
  });
});

test('pictures are required for ThingsTImg', (t) => {
  const root = folderOf(t, thingsTree(golden, false));
  const message = refusal(t, () => makeThings(request(root, 'direct'), 'required'));
  t.is(message, `missing file: ${join(root, 'Main/*/*.jpg')}; see data-manifests/things.yaml`);
});

test('one of the two triplet files may be absent, both not', (t) => {
  const rest = without(thingsTree(golden, false), train);
  const made = makeThings(request(folderOf(t, rest), 'psycho'), 'optional');
  t.is(made.facts.counts['class_triplets'], 300);
  t.true(made.facts.missing.includes(train));
  t.regex(made.facts.notes.join('\n'), /train90\.txt is absent/);
  const message = refusal(t, () => makeThings(request(folderOf(t, without(rest, test10)), 'psycho'), 'optional'));
  t.regex(message, /^missing file: .*train90\.txt or .*test10\.txt; see data-manifests\/things\.yaml$/);
});

test('test classes, similarity and embedding are those of the reference', (t) => {
  const row = Array.from({ length: 49 }, (_, i) => `${i / 8}`).join(' ');
  const embedding = `${row} \n${row.replace('0.125', '-1e-3')}\n`;
  const tree = { ...thingsTree(golden, false), 'Revealing/data/spose_embedding_49d_sorted.txt': embedding };
  const folder = new DataFolder(folderOf(t, tree), 'things');
  t.deepEqual([...readTestClasses(folder, golden.concepts)], golden.test_classes);
  const similarity = readTestSimilarity(folder);
  t.deepEqual(similarity.shape, [6, 6]);
  t.deepEqual([...(similarity.data as Float64Array)], golden.similarity.flat());
  const { shape, data } = readSposeEmbedding(folder);
  t.deepEqual(shape, [2, 49]);
  t.deepEqual([data[1], data[48], data[49 + 1], data[49 + 48]], [0.125, 6, -0.001, 6]);
});

test('a link to a concept folder counts as a folder', (t) => {
  const root = folderOf(t, thingsTree(golden, true));
  const elsewhere = folderOf(t, { 'x.jpg': '' });
  symlinkSync(elsewhere, join(root, 'Main', 'unheard_of'));
  t.regex(
    refusal(t, () => readThings(root, 'optional')),
    /Main\/unheard_of: no concept/,
  );
});

const line = (text: string): Tree => ({ [train]: `0 1 2\n${text}\n3 4 5\n` });
const refused: [name: string, change: Tree, message: RegExp][] = [
  ['two indexes', line('1 2'), /train90\.txt line 2: '1 2' is not three indexes; see data-manifests\/things\.yaml$/],
  ['four indexes', line('1 2 3 4'), /line 2: '1 2 3 4' is not three indexes/],
  ['an empty line', line(''), /line 2: '' is not three indexes/],
  ['a word', line('1 two 3'), /line 2: '1 two 3' is not three indexes/],
  ['a fraction', line('1 2.5 3'), /line 2: '1 2\.5 3' is not three indexes/],
  ['a negative index', line('1 -2 3'), /line 2: '1 -2 3' is not three indexes/],
  ['numbers run together', line('1 2 3x'), /line 2: '1 2 3x' is not three indexes/],
  ['an index out of range', line('1 2 40'), /line 2: index 40 is out of range, there are 40, counted from 0/],
  ['an endless index', line(`1 2 ${'9'.repeat(400)}`), /line 2: index \d+ is out of range/],
  ['a pointer to a large file', { [train]: 'version https://git-lfs.github.com/spec/v1\n' }, /line 1: 'version https/],
  ['binary rubbish', { [train]: Uint8Array.from({ length: 300 }, (_, i) => i % 256) }, /line 1: '\?+.*' is not three/],
  ['a concept twice', { [concepts]: 'Word\tuniqueID\na\ta\nb\tb\na\ta\n' }, /tsv line 4: a occurs twice/],
  ['a row without id', { [concepts]: 'Word\tuniqueID\na\ta\nb\n' }, /tsv line 3: no unique id/],
  ['no header', { [concepts]: 'a\ta\nb\tb\n' }, /tsv line 1: no header with a column uniqueID/],
  ['no concepts', { [concepts]: 'Word\tuniqueID\n' }, /tsv: no concepts/],
  ['an unclosed quote', { [concepts]: 'Word\tuniqueID\n"a\ta\nb\tb\n' }, /tsv: .*[Qq]uote/],
  ['too few numbers', { [remap]: '[1,2,3]' }, /sortind\.json: not the numbers 1 to 40, each once/],
  ['no numbers', { [remap]: '[]' }, /sortind\.json: not the numbers 1 to 40/],
  ['a number twice', { [remap]: JSON.stringify([1, 1, ...golden.sortind.slice(2)]) }, /not the numbers 1 to 40/],
  ['texts for numbers', { [remap]: JSON.stringify(golden.sortind.map(String)) }, /not the numbers 1 to 40/],
  ['fractions', { [remap]: JSON.stringify(golden.sortind.map((i) => i + 0.5)) }, /not the numbers 1 to 40/],
  ['an object', { [remap]: '{"length": 40}' }, /sortind\.json: not an array/],
  ['broken JSON', { [remap]: '[1, 2' }, /sortind\.json: not JSON/],
  ['a damaged sortind.mat', { 'Revealing/variables/sortind.mat': 'MATLAB' }, /sortind\.mat/],
  [
    'an unknown concept folder',
    { 'Main/unicorn/a.jpg': '' },
    /Main\/unicorn: no concept of Main\/things_concepts\.tsv/,
  ],
  [
    'pictures of some concepts',
    { 'Main/music/a.jpg': '' },
    /39 of 40 concepts have no pictures, the first is concept_00/,
  ],
  ['empty triplet files', { [train]: '', [test10]: '' }, /^empty training subset of ThingsTInd: none of 0 triplets/],
  [
    'triplets on one side only',
    { [train]: '0 1 2\n', [test10]: '' },
    /^empty \w+ subset of ThingsTInd: none of 1 triplets/,
  ],
];
for (const [name, change, message] of refused)
  test(`${name}: one line that says where`, (t) => {
    const root = folderOf(t, { ...thingsTree(golden, false), ...change });
    t.regex(
      refusal(t, () => makeThings(request(root, 'psycho'), 'optional')),
      message,
    );
  });

test('a word of words48 that is no concept: one line', (t) => {
  const tree: Tree = { ...thingsTree(golden, false), [concepts]: golden.tsv.replaceAll('music_box', 'music_case') };
  const root = folderOf(t, tree);
  t.regex(
    refusal(t, () => makeThings(request(root, 'quasi_original'), 'optional')),
    /words48\.mat: music box is no concept/,
  );
  const bare = folderOf(t, without(tree, words));
  t.regex(
    refusal(t, () => makeThings(request(bare, 'quasi_original'), 'optional')),
    /^missing file: .*words48\.mat/,
  );
});

test('unknown and missing versions: one line with the nearest', (t) => {
  const root = folderOf(t, thingsTree(golden, false));
  const say = (version: string) => refusal(t, () => makeThings(request(root, version), 'optional'));
  t.is(say('physcho'), 'unknown dataset.version: physcho; did you mean psycho?');
  t.is(say('psycho~1'), 'invalid dataset.version: psycho~1; ThingsTInd has one split, write psycho');
  t.regex(
    refusal(t, () => makeThings({ name: 'ThingsTInd', raw_data_directory_name: root }, 'optional')),
    /^missing dataset\.version for ThingsTInd; one of: direct, psycho, source_embedding, quasi_original$/,
  );
});

test('an empty root and a missing one: one line that names the manifest', (t) => {
  const empty = folderOf(t);
  t.is(
    refusal(t, () => readThings(empty, 'optional')),
    `no files in ${empty}; see data-manifests/things.yaml`,
  );
  const gone = join(empty, 'gone');
  t.is(
    refusal(t, () => makeThings(request(gone, 'psycho'), 'optional')),
    `missing data: there is no folder ${gone}; see data-manifests/things.yaml`,
  );
  const root = folderOf(t, without(thingsTree(golden, false), concepts));
  t.is(
    refusal(t, () => readThings(root, 'optional')),
    `missing file: ${join(root, concepts)}; see data-manifests/things.yaml`,
  );
});

test('triplet lines: any digits and blanks give what a naive reader gives, or an error', (t) => {
  const character = fc.constantFrom('0', '1', '3', '9', ' ', ' ', '\t', '\n', '\r\n', '-', 'x');
  t.notThrows(() =>
    fc.assert(
      fc.property(fc.array(character, { maxLength: 60 }), (characters) => {
        const text = characters.join('');
        const root = folderOf(t, { ...thingsTree(golden, false), [train]: text });
        const rows = text === '' ? [] : text.replace(/\n$/, '').split('\n');
        const naive = rows.map((row) => row.split(/[ \t\r]+/).filter((part) => part !== ''));
        const valid = naive.every((row) => row.length === 3 && row.every((n) => /^\d+$/.test(n) && Number(n) < 40));
        let found: number[] | null = null;
        try {
          found = [...readThings(root, 'optional').classTriplets];
        } catch {
          return !valid;
        }
        const both = [...naive.map((row) => row.map(Number)), ...golden.lines.test10].flat();
        return valid && found.join() === both.map((i) => golden.sortind.indexOf(i + 1)).join();
      }),
      { numRuns: 60 },
    ),
  );
});
