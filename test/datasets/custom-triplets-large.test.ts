import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import test from 'ava';
import { readCustomData } from '../../src/datasets/index.js';
import { folderOf, type Tree } from './folders.js';

test('a large file is kept in the cache of the person and said the same from there', (t) => {
  const names = Array.from({ length: 12 }, (_, i) => `${'a-long-name-'.repeat(8)}${'abcdefghijkl'[i]}.jpg`);
  const numbers = Array.from({ length: 180_000 }, (_, i) => (i * 7 + (i % 5)) % 12);
  const rows = ['near,anchor,far'];
  for (let i = 0; i < numbers.length; i += 3) rows.push([1, 0, 2].map((k) => names[numbers[i + k]]).join());
  const tree: Tree = Object.fromEntries(names.map((name) => [`images/${name}`, '']));
  const request = {
    name: 'CustomTripletsTInd',
    version: 'psycho',
    raw_data_directory_name: folderOf(t, { ...tree, 'triplets.csv': rows.join('\n') }),
  };
  const { HOME } = process.env;
  t.teardown(() => {
    process.env['HOME'] = HOME;
  });
  const home = folderOf(t);
  const cache = join(home, '.cache', 'tripletlab', 'triplets');
  // The person's home, the same again, and one that cannot be.
  const read = [home, home, '/dev/null', ''].map((folder) => {
    process.env['HOME'] = folder;
    const { triplets, notes, folder: root, counts } = readCustomData(request);
    return { triplets, notes, files: root.files, counts };
  });
  t.deepEqual([...read[0].triplets], numbers);
  t.is(readdirSync(cache).length, 1);
  for (const again of read) t.deepEqual(again, read[0]);
  t.false(existsSync('.cache'));
});
