import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import test from 'ava';
import fc from 'fast-check';
import type { DatasetConfiguration } from '../../src/configuration/index.js';
import { makeTripletDataset, subsets, type TripletDataset } from '../../src/datasets/index.js';
import { readCustomData } from '../../src/datasets/custom/custom-triplets.js';
import { folderOf, readGolden, refusal, type Tree } from './folders.js';

const request = (root: string | null, options: Partial<DatasetConfiguration> = {}): DatasetConfiguration => ({
  name: 'CustomTripletsTInd',
  version: 'psycho',
  raw_data_directory_name: root,
  data_directory_name: null,
  batch_size: 30,
  ...options,
});

const pictures = (...names: string[]): Tree => Object.fromEntries(names.map((name) => [`images/${name}`, '']));
/** Sorted: Zoe.jpg, a/1.jpg, a/2.jpeg, b.PNG, b/1.jpg, c d.webp. */
const six = pictures('b.PNG', 'a/2.jpeg', 'a/1.jpg', 'c d.webp', 'b/1.jpg', 'Zoe.jpg', '.hidden.jpg', 'notes.txt');

const rowsOf = ({ triplets }: { triplets: Int32Array }) =>
  Array.from({ length: triplets.length / 3 }, (_, i) => [...triplets.subarray(3 * i, 3 * i + 3)]);

test('pictures go by name, with or without folder and extension, parted by commas, semicolons or tabs', (t) => {
  const rows = [
    [3, 0, 5],
    [1, 2, 3],
    [4, 1, 0],
  ];
  for (const text of [
    'b.PNG,Zoe.jpg,c d.webp\na/1.jpg,a/2.jpeg,b.PNG\nb/1.jpg,a/1.jpg,Zoe.jpg\n',
    'b,Zoe,c d\na/1,2,b\nb/1,a/1,Zoe',
    'images/b.PNG; images/Zoe.jpg;images/c d.webp\r\nimages/a/1.jpg;2.jpeg;b.PNG\r\n\r\n./b/1.jpg;a\\1.jpg;Zoe\r\n',
    '\ufeff"b.PNG"\t"Zoe.jpg"\tc d.webp\na/1\ta/2\tb\nb/1\ta/1\tZoe\n',
    'anchor,near,far\nb,Zoe,c d\na/1,2,b\nb/1,a/1,Zoe\n',
    'who,loser,head,winner\nme,c d,b,Zoe\nme,b,a/1,2\nyou,Zoe,b/1,a/1\n',
  ]) {
    const data = readCustomData(request(folderOf(t, { ...six, 'triplets.csv': text })));
    t.deepEqual(rowsOf(data), rows, text);
    t.deepEqual(data.notes, []);
  }
});

test('without such names they go by number, in sorted order from 0', (t) => {
  const data = readCustomData(request(folderOf(t, { ...six, 'triplets.csv': '0,5,3\n 1 , 2,4\n' })));
  t.deepEqual(rowsOf(data), [
    [0, 5, 3],
    [1, 2, 4],
  ]);
  t.deepEqual(data.notes, ['pictures go by their numbers in sorted order']);
  t.deepEqual(data.classNames, ['Zoe.jpg', 'a/1.jpg', 'a/2.jpeg', 'b.PNG', 'b/1.jpg', 'c d.webp']);
});

test('pictures that are named by numbers go by name', (t) => {
  const names = Array.from({ length: 12 }, (_, i) => `${i}.jpg`);
  const data = readCustomData(request(folderOf(t, { ...pictures(...names), 'triplets.csv': '2,10,11\n9,0,1\n' })));
  t.deepEqual(
    rowsOf(data).map((row) => row.map((item) => data.classNames[item])),
    [
      ['2.jpg', '10.jpg', '11.jpg'],
      ['9.jpg', '0.jpg', '1.jpg'],
    ],
  );
  t.deepEqual(data.notes, ['pictures in no triplet, and so in no subset: 6']);
});

test('pictures in no triplet are items of no subset, and those in one are split as if they were alone', (t) => {
  const names = Array.from({ length: 15 }, (_, i) => `${String(i).padStart(2, '0')}.jpg`);
  const rows = names.flatMap((a, i) =>
    names.slice(i + 1).flatMap((b, j) => names.slice(i + j + 2).map((c) => [a, b, c])),
  );
  const csv = { 'triplets.csv': rows.map((row) => row.join()).join('\n') };
  const alone = makeTripletDataset(request(folderOf(t, { ...pictures(...names), ...csv })));
  const withOthers = makeTripletDataset(request(folderOf(t, { ...pictures(...names, 'x.jpg', 'y.jpg'), ...csv })));
  t.is(withOthers.items.length, 17);
  for (const subset of subsets) {
    t.deepEqual(withOthers.instances[subset], alone.instances[subset]);
    t.deepEqual(withOthers.triplets[subset], alone.triplets[subset]);
  }
  t.deepEqual(
    [alone.facts.notes, withOthers.facts.notes].map((notes) => notes.filter((note) => /^pictures/.test(note))),
    [[], ['pictures in no triplet, and so in no subset: 2']],
  );
});

test('a first line of unknown words is a header, and a note says so', (t) => {
  const root = folderOf(t, { ...six, 'triplets.csv': 'first,second,third\nb,Zoe,c d\n' });
  const data = readCustomData(request(root));
  t.deepEqual(rowsOf(data), [[3, 0, 5]]);
  t.deepEqual(data.notes, [
    'the first line of triplets.csv is taken as a header: first, second, third',
    'pictures in no triplet, and so in no subset: 3',
  ]);
});

test('what is no triplet of pictures is named, with file and line', (t) => {
  const refused = (text: string, tree: Tree = six) => {
    const root = folderOf(t, { ...tree, 'triplets.csv': text });
    return refusal(t, () => makeTripletDataset(request(root))).replaceAll(`${root}/`, '');
  };
  const layout = 'CustomTripletsTInd needs a folder with images/ (jpg, jpeg, png or webp) and triplets.csv';
  const expected: Record<string, string> = {
    'b,Zoe,c d\nb,Zoe,cat.jpg\n': 'line 2: cat.jpg is none of the 6 pictures of images',
    'b,Zoe,c d\n\nb,Zoe,7\n': 'line 3: 7 is none of the 6 pictures of images',
    'b,Zoe,cat\n': 'line 1: cat is none of the 6 pictures of images',
    'x.jpg,y.jpg,z.jpg\n': 'line 1: x.jpg is none of the 6 pictures of images',
    'b,Zoe,1\n': 'line 1: 1 means several pictures of images',
    'b,Zoe\n': "line 1: 'b,Zoe' is not three pictures",
    'b,Zoe,c d,a/1\n': "line 1: 'b,Zoe,c d,a/1' is not three pictures",
    'b,,c d\n': "line 1: 'b,,c d' is not three pictures",
    'anchor,near,far\nb,Zoe\n': "line 2: 'b,Zoe' is not three pictures",
    '0,1,3\n0,6,3\n': 'line 2: 6 is no picture; the first row has numbers of pictures, which go from 0 to 5',
    '0,5,3\n0,b,3\n': 'line 2: b is no picture; the first row has numbers of pictures, which go from 0 to 5',
  };
  for (const [text, message] of Object.entries(expected))
    t.is(refused(text), `invalid triplets.csv ${message}; ${layout}`, text);
  t.is(refused(''), `invalid triplets.csv: no rows; ${layout}`);
  t.is(refused('\n\n'), `invalid triplets.csv: no rows; ${layout}`);
  t.is(refused('anchor,near,far\n'), `invalid triplets.csv: a header and no rows; ${layout}`);
  t.is(refused('b,Zoe,c d\n', {}), `missing file: images/*.jpg; ${layout}`);
  const root = folderOf(t, six);
  t.is(
    refusal(t, () => makeTripletDataset(request(root))),
    `missing file: ${root}/triplets.csv; ${layout}`,
  );
  t.is(
    refusal(t, () => makeTripletDataset(request(null))),
    `missing dataset.raw_data_directory_name for CustomTripletsTInd; a folder with images/ (jpg, jpeg, png or webp) and triplets.csv`,
  );
  t.regex(
    refusal(t, () => makeTripletDataset(request(join(root, 'triplets')))),
    /^missing data: there is no folder /,
  );
});

interface YummlyGolden {
  stems: string[];
  rows: number[][];
  versions: Record<string, { triplets: Record<string, number[]>; instances: Record<string, number[]>; next: number[] }>;
}
const yummly = readGolden<YummlyGolden>('yummly_small.json');

for (const [version, expected] of Object.entries(yummly.versions))
  test(`${version}: the same triplets as Yummly's are split as Yummly's`, (t) => {
    const csv = yummly.rows.map((row) => `${row.map((i) => `images/${yummly.stems[i]}.jpg`).join('; ')}\n`).join('');
    const root = folderOf(t, { ...pictures(...yummly.stems.map((stem) => `${stem}.jpg`)), 'triplets.csv': csv });
    for (const name of ['CustomTripletsTImg', 'CustomTripletsTInd', 'CustomTripletsSE'] as const) {
      const made = makeTripletDataset(request(root, { name, version }));
      for (const subset of subsets) {
        t.deepEqual([...made.triplets[subset]], expected.triplets[subset], subset);
        t.deepEqual([...made.instances[subset]], expected.instances[subset], subset);
      }
      t.deepEqual(
        expected.next.map(() => made.random.getrandbits(32)),
        expected.next,
      );
      t.true(made.directed);
    }
    t.false(makeTripletDataset(request(root, { version, directed: false })).directed);
  });

test('repeats are kept and counted', (t) => {
  const names = Array.from({ length: 12 }, (_, i) => `p${i}.jpg`);
  const rows = Array.from({ length: 200 }, (_, i) => [i % 12, (i * 5 + 1) % 12, (i * 7 + 2) % 12]);
  const text = [...rows, ...rows.slice(0, 7)].map((row) => `${row.map((i) => `p${i}`).join(',')}\n`).join('');
  const { triplets, counts } = readCustomData(request(folderOf(t, { ...pictures(...names), 'triplets.csv': text })));
  t.is(triplets.length, 3 * 207);
  t.deepEqual(counts, { repeated: 207 - new Set(rows.map((row) => row.join())).size });
});

const name = fc.stringMatching(/^[A-Za-z][A-Za-z0-9_ -]{0,8}[A-Za-z0-9]$/);

test('any names in any folders, in any of the ways to write them, come back', (t) => {
  fc.assert(
    fc.property(
      fc.uniqueArray(fc.tuple(fc.constantFrom('', 'x/', 'x/y/'), name), {
        minLength: 3,
        maxLength: 8,
        selector: ([, stem]) => stem.toLowerCase(),
      }),
      fc.constantFrom(',', ';', '\t'),
      fc.array(fc.tuple(fc.nat(), fc.nat(), fc.nat(), fc.nat(4)), { minLength: 1, maxLength: 20 }),
      (files, delimiter, rows) => {
        const paths = files.map(([folder, stem]) => `${folder}${stem}.jpg`);
        const ways = [
          (path: string) => path,
          (path: string) => `images/${path}`,
          (path: string) => path.replace('.jpg', ''),
          (path: string) => path.replace(/.*\//, ''),
          (path: string) => path.replace(/.*\//, '').replace('.jpg', ''),
        ];
        const written = rows.map(([a, b, c, way]) =>
          [a, b, c].map((number) => ways[way](paths[number % paths.length])).join(delimiter),
        );
        const header = ['anchor', 'near', 'far'].join(delimiter);
        const root = folderOf(t, { ...pictures(...paths), 'triplets.csv': `${header}\n${written.join('\n')}` });
        const data = readCustomData(request(root));
        t.deepEqual(
          rowsOf(data).map((row) => row.map((item) => data.classNames[item])),
          rows.map(([a, b, c]) => [a, b, c].map((number) => paths[number % paths.length])),
        );
      },
    ),
    { numRuns: 60 },
  );
});

const folder = process.env['TRIPLETLAB_DATA'];
const zappos = folder && existsSync(join(folder, 'zappos')) ? join(folder, 'zappos') : null;
const withZappos = zappos === null ? test.skip : test;

withZappos('Zappos: 283,770 triplets of 85 pictures, by the numbers in their names (skipped without the data)', (t) => {
  const sets = (['psycho', 'direct', 'source_embedding'] as const).map((version): TripletDataset =>
    makeTripletDataset(request(zappos, { name: 'CustomTripletsSE', version })),
  );
  const [{ items, facts }] = sets;
  t.is(items.length, 85);
  t.like(facts.counts, { items: 85, pictures: 85, triplets: 283770, repeated: 0 });
  const { triplets, classNames } = readCustomData(request(zappos));
  const lines = readFileSync(join(zappos!, 'triplets.csv'), 'utf8').trimEnd().split('\n');
  for (let i = 0; i < lines.length; i += 997) {
    const row = [...triplets.subarray(3 * i, 3 * i + 3)].map((item) => classNames[item].replace('.jpg', ''));
    t.is(row.join(), lines[i]);
  }
  for (const { instances } of sets) t.deepEqual(instances.test, sets[0].instances.test);
  t.deepEqual(
    sets.map(({ instances }) => subsets.map((subset) => instances[subset].length)),
    [
      [68, 68, 17],
      [68, 68, 17],
      [51, 17, 17],
    ],
  );
  t.deepEqual(sets[0].triplets.test, sets[2].triplets.test);
});
