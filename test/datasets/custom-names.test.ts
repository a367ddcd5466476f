import { readFileSync } from 'node:fs';
import test, { type ExecutionContext } from 'ava';
import { readCustomData } from '../../src/datasets/index.js';
import { folderOf, refusal, type Tree } from './folders.js';

const request = (root: string, directed?: boolean) => ({
  name: 'CustomTripletsTInd',
  version: 'psycho',
  raw_data_directory_name: root,
  directed,
});

const given = (name: string) => readFileSync(`test/datasets/csv/${name}.csv`);
const series = (count: number, name: (i: number) => string) => Array.from({ length: count }, (_, i) => name(i));
const padded = (i: number, digits = 3) => String(i).padStart(digits, '0');

function read(t: ExecutionContext, pictures: readonly string[], csv: string | Uint8Array, directed?: boolean) {
  const tree: Tree = Object.fromEntries(pictures.map((name) => [`images/${name}`, '']));
  const { triplets, classNames, notes } = readCustomData(
    request(folderOf(t, { ...tree, 'triplets.csv': csv }), directed),
  );
  const names = [...triplets].map((item) => classNames[item]);
  return {
    rows: Array.from({ length: names.length / 3 }, (_, i) => names.slice(3 * i, 3 * i + 3)),
    notes: notes.filter((note) => !note.startsWith('pictures in no triplet')),
  };
}
const refused = (t: ExecutionContext, pictures: readonly string[], csv: string | Uint8Array) =>
  refusal(t, () => read(t, pictures, csv)).replace(/\S*\/(images|triplets)/g, '$1');

/** The rows of a file without quotes, its columns in this order. */
const cellsOf = (text: string, order = [0, 1, 2]) =>
  text
    .trimEnd()
    .split('\n')
    .map((row) => row.split(','))
    .map((row) => order.map((column) => row[column]));

test('columns go by the header, whatever their order', (t) => {
  const pictures = series(30, (i) => `p${padded(i)}.jpg`);
  const expected = cellsOf(given('header-anp').toString()).slice(1);
  t.is(expected.length, 600);
  t.deepEqual(read(t, pictures, given('header-anp')), { rows: expected, notes: [] });
  t.deepEqual(read(t, pictures, given('header-neg-pos')), { rows: expected, notes: [] });
  t.deepEqual(read(t, pictures, given('header-odd-first'), false), { rows: expected, notes: [] });
  t.deepEqual(read(t, pictures, given('header-odd-first'), true), {
    rows: expected,
    notes: [
      'the header of triplets.csv names an odd one and no anchor, and dataset.directed is true: the first of the two others is taken as the anchor',
    ],
  });
  t.deepEqual(read(t, pictures, given('header-anp'), false).notes, [
    'the header of triplets.csv names an anchor, and dataset.directed is false: the far picture is taken as the odd one out',
  ]);
});

test('a header that does not name each column is refused with the names that it may use', (t) => {
  for (const header of ['anchor,neg,thing', 'foo,bar,baz', 'image1,image2,image3,choice'])
    t.regex(
      refused(t, ['u.jpg', 'v.jpg', 'w.jpg'], `${header}\nu,v,w\n`),
      /^invalid triplets\.csv line 1: '.*' is neither three pictures nor a header .* anchor, positive, negative; .* odd, first, second; /,
    );
  t.regex(
    refused(t, ['a.jpg', 'p.jpg', 'n.jpg'], 'a,p,n\nn,p,a\n'),
    /^invalid triplets\.csv line 1: 'a, p, n' may be a header or three pictures; /,
  );
  t.deepEqual(read(t, ['a.jpg', 'u.jpg', 'v.jpg'], 'a,p,n\nv,u,a\n').rows, [['v.jpg', 'u.jpg', 'a.jpg']]);
});

test('numbers are those in the names of pictures: a spreadsheet drops the zeros', (t) => {
  const pictures = series(40, (i) => `${padded(i + 1)}.jpg`);
  const expected = cellsOf(given('padded-right').toString()).map((row) => row.map((name) => `${name}.jpg`));
  t.deepEqual(read(t, pictures, given('padded-right')), { rows: expected, notes: [] });
  t.deepEqual(read(t, pictures, given('excel-zeros-lost')), {
    rows: expected,
    notes: ['numbers in triplets.csv are those in the names of pictures: 28 is 028.jpg'],
  });
});

test('numbers do not count sorted names that have numbers of their own', (t) => {
  const shoes = series(24, (i) => `shoe${i}.jpg`);
  t.deepEqual(read(t, shoes, '2,10,23\n0,1,02\n').rows, [
    ['shoe2.jpg', 'shoe10.jpg', 'shoe23.jpg'],
    ['shoe0.jpg', 'shoe1.jpg', 'shoe2.jpg'],
  ]);
  t.deepEqual(
    read(t, ['cover.jpg', ...series(5, (i) => `IMG_2019_${padded(i)}_v2.png`)], 'near,far,anchor\n1,2,4\n').rows,
    [['IMG_2019_004_v2.png', 'IMG_2019_001_v2.png', 'IMG_2019_002_v2.png']],
  );
  t.deepEqual(read(t, ['b/01.jpg', 'a/02.jpg', 'a/03.jpg'], '1,2,3').rows, [['b/01.jpg', 'a/02.jpg', 'a/03.jpg']]);
  t.regex(
    refused(t, shoes, '2,10,23\n2,24,1\n'),
    /^invalid triplets\.csv line 2: 24 is none of the 24 pictures of images;/,
  );
  for (const pictures of [
    ['shoe1.jpg', 'shoe2.jpg', 'hat1.jpg', 'hat2.jpg'],
    ['1_1.jpg', '1_2.jpg', '2_1.jpg', '2_2.jpg'],
    ['a/001.jpg', 'a/002.jpg', 'b/001.jpg', 'b/002.jpg'],
    ['a1.jpg', 'b2.jpg', 'c3.jpg'],
    ['001.jpg', '01.jpg', '002.jpg', '003.jpg'],
    ['shoe1.jpg', 'shoe1.png', 'shoe2.jpg', 'shoe3.jpg'],
  ])
    t.regex(
      refused(t, pictures, '1,2,3\n'),
      /^invalid triplets\.csv line 1: 1 is the name of no picture, .*; write names of pictures; /,
      pictures.join(),
    );
  t.deepEqual(read(t, ['ant.jpg', 'bee.jpg', 'cow.jpg'], '2,0,1').notes, [
    'pictures go by their numbers in sorted order',
  ]);
});

test('names may hold what parts cells elsewhere', (t) => {
  const names = series(30, (i) => `a;${i}.jpg`);
  const expected = cellsOf(given('semicolon-in-name').toString().replaceAll('"', ''));
  t.is(expected.length, 600);
  t.deepEqual(read(t, names, given('semicolon-in-name')).rows, expected);
  for (const held of [',', ';', '\t', ', '])
    for (const delimiter of [',', ';', '\t'])
      for (const header of ['', 'near,anchor,far'])
        for (const quote of held.includes(delimiter) ? ['"'] : ['"', '']) {
          const pictures = ['x', 'y', 'z'].map((name) => `${name}${held}1.jpg`);
          const row = pictures.map((name) => quote + name + quote).join(delimiter);
          const text = `${header.replaceAll(',', delimiter)}\n${row}\n`.trimStart();
          const rows = [header === '' ? pictures : [1, 0, 2].map((i) => pictures[i])];
          t.deepEqual(read(t, pictures, text).rows, rows, JSON.stringify(text));
        }
});

test('letters and their accents are one, together or apart', (t) => {
  const rows = cellsOf(given('nfd').toString());
  const composed = [...new Set(rows.flat())].map((name) => name.normalize('NFC'));
  const apart = composed.map((name) => name.normalize('NFD'));
  t.notDeepEqual(composed, apart);
  for (const pictures of [composed, apart])
    for (const form of ['NFC', 'NFD'])
      t.deepEqual(
        read(t, pictures, given('nfd').toString().normalize(form)).rows.map((row) =>
          row.map((name) => name.normalize('NFC')),
        ),
        rows.map((row) => row.map((name) => name.normalize('NFC'))),
      );
  // Where a folder has both, the spelling decides.
  const both = ['\u00e9.jpg', 'e\u0301.jpg', 'f.jpg'];
  t.deepEqual(read(t, both, 'e\u0301.jpg,\u00e9,f\n').rows, [['e\u0301.jpg', '\u00e9.jpg', 'f.jpg']]);
});

test('files in UTF-16 with a mark and in Windows-1252 are read', (t) => {
  const pictures = ['K\u00e4se \u2013 5\u20ac.jpg', '\u0160unka\u2019s.jpg', 'Cr\u00e8me.jpg'];
  const text = `anchor,near,far\n${pictures.join()}\n`;
  const little = Buffer.from(`\ufeff${text}`, 'utf16le');
  const windows: Record<string, number> = { '\u2013': 0x96, '\u20ac': 0x80, '\u0160': 0x8a, '\u2019': 0x92 };
  const bytes = Buffer.from(Array.from(text, (character) => windows[character] ?? character.charCodeAt(0)));
  t.deepEqual(read(t, pictures, little), { rows: [pictures], notes: [] });
  t.deepEqual(read(t, pictures, Buffer.from(little).swap16()), { rows: [pictures], notes: [] });
  t.deepEqual(read(t, pictures, `\ufeff${text}`), { rows: [pictures], notes: [] });
  t.deepEqual(read(t, pictures, bytes), {
    rows: [pictures],
    notes: ['triplets.csv is not UTF-8: it is read as Windows-1252'],
  });
  t.regex(
    refused(t, ['u.jpg', 'v.jpg', 'w.jpg'], Buffer.from('u,v,caf\xe9\n', 'latin1')),
    /line 1: caf\u00e9 is none of the 3 pictures of images \(read as Windows-1252, as the file is not UTF-8; save it as UTF-8\)/,
  );
  for (const noText of [Buffer.from(text, 'utf16le'), little.subarray(0, -1), Buffer.from('u,v,\0w\n')])
    t.regex(
      refused(t, pictures, noText),
      /^invalid triplets\.csv: not a text in UTF-8, UTF-16 or Windows-1252; save it/,
    );
});

test('an unknown name says which one is near', (t) => {
  const pictures = ['7.JPG', 'Shoe.png', 'x/009.jpg'];
  const expected: Record<string, string> = {
    '7.jpg': '7.JPG',
    shoe: 'Shoe.png',
    'Shoe.jpg': 'Shoe.png',
    'x/9.jpg': 'x/009.jpg',
  };
  for (const [name, near] of Object.entries(expected))
    t.regex(
      refused(t, pictures, `7.JPG,Shoe.png,${name}\n`),
      new RegExp(` is none of .* images, did you mean ${near}\\?;`),
    );
  t.notRegex(refused(t, pictures, '7.JPG,Shoe.png,70.jpg\n'), /did you mean/);
});
