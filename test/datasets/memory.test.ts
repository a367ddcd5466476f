import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import test from 'ava';
import { DataFrame } from 'danfojs-node';
import {
  fromClasses,
  fromTriplets,
  makeClassDataset,
  makeTripletDataset,
  register,
  type TripletSource,
  type TripletsInMemory,
} from '../../src/datasets/index.js';
import { RandomStream } from '../../src/random/stream.js';
import type { DatasetConfiguration } from '../../src/configuration/index.js';

const folder = mkdtempSync(join(tmpdir(), 'tripletlab-'));
test.after.always(() => {
  rmSync(folder, { recursive: true, force: true });
});

const names = Array.from({ length: 30 }, (_, i) => `thing ${String(i).padStart(2, '0')}`);
/** 400 rows of three different items. */
const stream = new RandomStream(0, 'rows');
const rows = Array.from({ length: 400 }, () => Array.from(stream.permutation(30).subarray(0, 3)));
const named = rows.map((row) => row.map((item) => names[item!]!));

const section = (name: string, version = 'psycho'): DatasetConfiguration =>
  ({ name, version, batch_size: 30, raw_data_directory_name: null, data_directory_name: null }) as never;

const csv = join(folder, 'triplets.csv');
writeFileSync(csv, ['negative;anchor;positive', ...named.map(([a, p, n]) => [n, a, p].join(';'))].join('\n'));
const sources: [string, TripletSource][] = [
  ['numbers', Int32Array.from(rows.flat())],
  ['rows of numbers', rows],
  ['rows of names', named],
  ['a danfojs frame whose columns come in another order', new DataFrame(named.map(([a, p, n]) => [p!, n!, a!, 1]), { columns: ['closer', 'farther', 'query', 'score'] }) as never], // prettier-ignore
  ['a CSV file', csv],
];
for (const [what, triplets] of sources)
  test(`triplets of ${what} are the same set`, (t) => {
    const name = `Set${sources.findIndex(([other]) => other === what)}`;
    register(fromTriplets({ name, triplets, directed: true, items: names }));
    const set = makeTripletDataset(section(`${name}TInd`, 'direct~2'));
    t.deepEqual(Array.from(set.unsplit!.triplets), rows.flat());
    t.deepEqual([set.classNames, set.directed], [names, true]);
    // each labelled triplet that lies wholly in a subset is in it, and in no other
    const { training, validation, test: rest } = set.instances;
    t.is(new Set([...training, ...rest]).size, 30);
    t.deepEqual(Array.from(training), Array.from(validation)); // direct: the same items
  });

test('without a list, items are the names in the triplets, sorted', (t) => {
  register(fromTriplets({ name: 'Unlisted', triplets: named, directed: false }));
  const set = makeTripletDataset(section('UnlistedTInd', 'direct~2'));
  t.deepEqual(set.classNames, names);
  t.false(set.directed);
});

const bad: [Partial<TripletsInMemory>, RegExp][] = [
  [{ triplets: [[0, 1]] as never }, /^invalid triplet: \[0,1\] in row 0; give three items/],
  [{ triplets: [[0, 1, 1]] }, /^invalid triplet in row 0 of Bad: 0, 1, 1; give three different items$/],
  [{ triplets: [[0, 1, 99]] }, /^invalid item in row 0 of Bad: 99; it has 30 items, counted from 0$/],
  [
    { triplets: [['thing 00', 'thing 01', 'thing 2']] },
    /^unknown item in row 0 of Bad: thing 2; did you mean thing 02\?$/,
  ],
  [{ triplets: [] }, /^invalid triplets of Bad: there are none/],
  [{ triplets: Int32Array.of(1, 2) }, /^invalid triplets: 2 numbers; give three for each triplet$/],
  [{ directed: undefined as never }, /^missing directed of Bad; true if the first of three is the anchor/],
  [{ triplets: csv, directed: false }, /^invalid directed of Bad: false; the columns name an anchor$/],
  [
    { triplets: { columns: ['a', 'b', 'score'], values: named } as never },
    /^invalid columns of the frame: a, b, score; name them/,
  ],
  [{ images: ['a.png'] }, /^invalid images of Bad: 1; it has 30 items, give a picture of each$/],
  [
    { images: names.map(() => ({ width: 2, height: 2, data: new Uint8Array(4) })) },
    /^invalid image of item 0 of Bad: 4 values; 2 x 2 pixels take 12$/,
  ],
  [{ items: ['x', 'x'] }, /^invalid items of Bad: a name occurs twice/],
];
for (const [given, line] of bad)
  test(`${JSON.stringify(Object.keys(given))}, ${String(line).slice(2, 50)}: one line`, (t) => {
    t.throws(() => fromTriplets({ name: 'Bad', triplets: rows, directed: true, items: names, ...given }), { message: line }); // prettier-ignore
  });

test('classes given by a program are halved as those of every class set', (t) => {
  const pixels = { width: 1, height: 1, data: Uint8Array.of(1, 2, 3) };
  const classes = ['owl', 'ant', 'bee', 'cat', 'owl', 'ant', 'bee', 'cat'];
  register(fromClasses({ name: 'Animals', images: classes.map(() => pixels), classes }));
  const set = makeClassDataset(section('AnimalsSEC', 'source_embedding_from_class_information'));
  t.deepEqual([set.numClasses, set.classNames], [4, ['ant', 'bee', 'cat', 'owl']]);
  t.deepEqual(
    Array.from(set.instances.training, (item) => classes[item]),
    ['ant', 'bee', 'ant', 'bee'],
  );
  t.deepEqual(set.picture(3), pixels);
  t.throws(() => fromClasses({ images: [pixels], classes: [] }), {
    message: /^invalid classes of Memory: 0; it has 1 pictures/,
  });
});

test('a set in memory does not take the place of a built-in one', (t) => {
  t.throws(() => { register(fromTriplets({ name: 'Things', triplets: named, directed: false })); }, { message: 'invalid name of a dataset: ThingsTInd is built in; choose another' }); // prettier-ignore
});
