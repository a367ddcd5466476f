import { join } from 'node:path';
import test from 'ava';
import fc from 'fast-check';
import { subsets } from '../../src/datasets/dataset.js';
import { makeYummly, readYummly } from '../../src/datasets/sets/yummly.js';
import { folderOf, readGolden, refusal, without, type GoldenSplit, type Tree } from './folders.js';
import { picture, yummlyTree, yummlyTriplets, type YummlyContents } from './yummly-folder.js';

interface YummlyGolden extends YummlyContents {
  class_names: string[];
  versions: Record<string, GoldenSplit>;
}

const golden = readGolden<YummlyGolden>('yummly_small.json');
const tree = (pictures: boolean) => yummlyTree(golden, pictures);
const csv = yummlyTriplets(golden);

const request = (root: string, version: string) => ({ name: 'YummlyTInd', version, raw_data_directory_name: root });

for (const [version, expected] of Object.entries(golden.versions))
  for (const pictures of [true, false])
    test(`${version}, ${pictures ? 'with' : 'without'} pictures: split, order and next draws of the reference`, (t) => {
      const made = makeYummly(request(folderOf(t, tree(pictures)), version), 'optional');
      for (const subset of subsets) {
        t.deepEqual([...made.triplets[subset]], expected.triplets[subset], subset);
        t.deepEqual([...made.instances[subset]], expected.instances[subset], subset);
      }
      t.deepEqual(
        expected.next.map(() => made.random.getrandbits(32)),
        expected.next,
      );
      t.deepEqual(made.classNames, golden.class_names);
      t.true(made.directed);
    });

test('a version without a number is split 0, and direct splits as psycho', (t) => {
  const root = folderOf(t, tree(true));
  const expected = golden.versions['psycho~0'].triplets;
  for (const version of ['psycho', 'direct', 'direct~0'])
    t.deepEqual([...makeYummly(request(root, version), 'optional').triplets.training], expected.training, version);
});

test('items are the pictures, sorted, each its own class and prototype', (t) => {
  const root = folderOf(t, { ...tree(true), 'images/README.txt': 'no picture' });
  const { items, prototypes, facts } = makeYummly(request(root, 'psycho'), 'required');
  t.deepEqual(
    items,
    [...golden.stems].sort().map((stem, i) => ({ file: join(root, picture(stem)), class: i, index: i })),
  );
  t.deepEqual([...prototypes], [...items.keys()]);
  t.deepEqual(facts.notes, ['30 pictures instead of 100']);
  t.is(facts.counts['triplets'], golden.rows.length);
});

test('without pictures: a note; sets of pictures are refused', (t) => {
  const root = folderOf(t, tree(false));
  const { items, facts } = makeYummly(request(root, 'psycho'), 'optional');
  t.true(items.every(({ file }) => file === null));
  t.deepEqual(facts.notes, ['pictures are absent: items are the names in the other files']);
  t.deepEqual(facts.missing, ['images/*.jpg']);
  t.is(
    refusal(t, () => makeYummly(request(root, 'psycho'), 'required')),
    `missing file: ${join(root, 'images/*.jpg')}; see data-manifests/yummly.yaml`,
  );
});

test('triplets of a picture with itself are in no subset, and a note says so', (t) => {
  const [x, y] = golden.stems.map(picture);
  const text = `${csv}${x}; ${x}; ${y}\n${x}; ${y}; ${y}\n${x}; ${y}; ${x}\n`;
  const root = folderOf(t, { ...tree(true), 'all-triplets.csv': text });
  const { triplets, facts } = makeYummly(request(root, 'psycho'), 'optional');
  t.is(facts.counts['triplets'], golden.rows.length + 3);
  t.deepEqual([...triplets.training], golden.versions['psycho~0'].triplets.training);
  t.true(facts.notes.includes('3 triplets name the same item twice: no subset has them'));
});

test('without ingredients: dishes go by their pictures', (t) => {
  const { classNames, facts } = makeYummly(
    request(folderOf(t, without(tree(true), 'ingredients.json')), 'psycho'),
    'optional',
  );
  t.deepEqual(classNames, [...golden.stems].sort());
  t.deepEqual(facts.missing, ['ingredients.json']);
});

test('spellings that mean the same: Windows line ends, no blanks, no last line end, no folder, no ending', (t) => {
  const plain = [...readYummly(folderOf(t, tree(true)), 'required').triplets];
  const variants = [
    csv.replaceAll('\n', '\r\n'),
    csv.replaceAll('; ', ';'),
    csv.replaceAll('; ', '  ;\t '),
    csv.slice(0, -1),
    csv.replaceAll('images/', ''),
    csv.replaceAll('.jpg', ''),
  ];
  for (const text of variants) {
    const root = folderOf(t, { ...tree(true), 'all-triplets.csv': text });
    t.deepEqual([...readYummly(root, 'required').triplets], plain, JSON.stringify(text.slice(0, 90)));
    const bare = folderOf(t, { ...tree(false), 'all-triplets.csv': text });
    t.deepEqual([...readYummly(bare, 'optional').triplets], plain);
  }
});

const [a, b, c] = golden.stems.map(picture);
const row = (text: string): Tree => ({ 'all-triplets.csv': `${a}; ${b}; ${c}\n${text}\n` });
const refused: [name: string, change: Tree, message: RegExp][] = [
  ['an unknown picture', row(`${a}; images/unknown.jpg; ${c}`), /csv line 2: unknown\.jpg is no picture of .*images/],
  ['a name that begins like a picture', row(`${a}; ${b}x; ${c}`), /csv line 2: [0-9a-f]{32}\.jpgx\.jpg is no picture/],
  ['a name cut short', row(`${a}; ${b}; ${c.slice(0, -8)}`), /csv line 2: [0-9a-f]{28}\.jpg is no picture/],
  ['two pictures', row(`${a}; ${b}`), /csv line 2: 'images.*' is not three pictures/],
  ['four pictures', row(`${a}; ${b}; ${c}; ${a}`), /csv line 2: 'images.*' is not three pictures/],
  ['an empty field', row(`${a}; ; ${c}`), /csv line 2: /],
  ['an empty line', row(''), /csv line 2: '' is not three pictures/],
  ['a semicolon at the end', row(`${a}; ${b}; ${c};`), /csv line 2: 'images.*' is not three pictures/],
  ['commas', row(`${a}, ${b}, ${c}`), /csv line 2: /],
  ['a header', { 'all-triplets.csv': `anchor; far; near\n${a}; ${b}; ${c}\n` }, /csv line 1: a header; remove it/],
  ['binary rubbish', { 'all-triplets.csv': Uint8Array.from({ length: 999 }, (_, i) => (i * 7) % 256) }, /csv line 1: /],
  ['an empty file', { 'all-triplets.csv': '' }, /^empty training subset of YummlyTInd: none of 0 triplets/],
  ['one triplet', { 'all-triplets.csv': `${a}; ${b}; ${c}\n` }, /^empty \w+ subset of YummlyTInd: none of 1 triplets/],
  ['broken JSON', { 'ingredients.json': '{' }, /ingredients\.json: not JSON/],
  ['a list of dishes', { 'ingredients.json': '[1]' }, /ingredients\.json: not an object of dishes/],
];
for (const [name, change, message] of refused)
  test(`${name}: one line that says where`, (t) => {
    const root = folderOf(t, { ...tree(true), ...change });
    t.regex(
      refusal(t, () => makeYummly(request(root, 'psycho'), 'required')),
      message,
    );
  });

test('bad versions: one line', (t) => {
  const root = folderOf(t, tree(true));
  const say = (version: string) => refusal(t, () => makeYummly(request(root, version), 'optional'));
  t.is(say('psycho~x'), 'invalid dataset.version: psycho~x; write psycho~0, psycho~1, ...');
  t.is(say('psycho~'), 'invalid dataset.version: psycho~; write psycho~0, psycho~1, ...');
  t.is(say('psycho~-1'), 'invalid dataset.version: psycho~-1; write psycho~0, psycho~1, ...');
  t.regex(
    say('quasi_original'),
    /^unknown dataset\.version: quasi_original; one of: direct, psycho, source_embedding$/,
  );
});

test('names of any bytes and lengths are told apart as texts are', (t) => {
  const name = fc.stringMatching(/^[a-cä]{1,12}$/u);
  t.notThrows(() =>
    fc.assert(
      fc.property(fc.array(fc.tuple(name, name, name), { minLength: 1, maxLength: 80 }), (rows) => {
        const text = rows.map((names) => names.map(picture).join('; ')).join('\n');
        const { items, classNames, triplets } = readYummly(folderOf(t, { 'all-triplets.csv': text }), 'optional');
        const distinct = [...new Set(rows.flat())].sort();
        return (
          items.length === distinct.length &&
          classNames.join() === distinct.join() &&
          [...triplets].map((i) => distinct[i]).join() === rows.flat().join()
        );
      }),
      { numRuns: 60 },
    ),
  );
});

test('more names than the table first holds', (t) => {
  const names = Array.from({ length: 3000 }, (_, i) => `picture-number-${i}`);
  const text = names.map((_, i) => [0, 1, 2].map((k) => picture(names[(i + k) % 3000])).join('; ')).join('\n');
  const sorted = [...names].sort();
  const open = readYummly(folderOf(t, { 'all-triplets.csv': text }), 'optional');
  t.deepEqual(
    [...open.triplets].map((i) => sorted[i]),
    names.flatMap((_, i) => [0, 1, 2].map((k) => names[(i + k) % 3000])),
  );
  const files = Object.fromEntries(names.map((n) => [picture(n), '']));
  const closed = readYummly(folderOf(t, { 'all-triplets.csv': text, ...files }), 'required');
  t.deepEqual(closed.triplets, open.triplets);
});
