import { chmodSync, existsSync, mkdirSync, readdirSync, readFileSync, utimesSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import test, { type ExecutionContext } from 'ava';
import { DataFolder } from '../../src/datasets/data-folder.js';
import { cachedTriplets } from '../../src/datasets/custom/triplet-cache.js';
import { folderOf } from './folders.js';

const FILE = 'triplets.csv';
const pictures = ['a.jpg', 'b.jpg', 'c.jpg', 'd.jpg'];

/** Reads a file of digits through the cache, and counts how often it was really read. */
function reader(t: ExecutionContext, options: { leastBytes?: number; most?: number; cache?: string } = {}) {
  const root = folderOf(t, { [FILE]: '012312' });
  const cache = options.cache ?? join(folderOf(t), 'deep', 'cache');
  let reads = 0;
  return {
    root,
    cache,
    reads: () => reads,
    read: (names: readonly string[] = pictures) => {
      const folder = new DataFolder(root, { remedy: 'none' });
      const parse = (bytes: Buffer) => {
        reads++;
        return {
          triplets: Int32Array.from(bytes.toString(), Number),
          directed: true,
          notes: [`${bytes.length} bytes`],
        };
      };
      const said = cachedTriplets(folder, FILE, names, parse, { leastBytes: 1, ...options, cache });
      t.deepEqual(folder.files, [{ path: FILE, bytes: readFileSync(join(root, FILE)).length }]);
      return said;
    },
    write: (text: string) => {
      writeFileSync(join(root, FILE), text);
    },
  };
}

test('the same bytes for the same pictures are read once', (t) => {
  const { read, reads, write, cache } = reader(t);
  const expected = { triplets: Int32Array.of(0, 1, 2, 3, 1, 2), directed: true, notes: ['6 bytes'] };
  for (let i = 0; i < 3; i++) t.deepEqual(read(), expected);
  t.is(reads(), 1);
  write('012');
  t.deepEqual(read().triplets, Int32Array.of(0, 1, 2));
  t.is(reads(), 2);
  write('012312');
  t.deepEqual(read(), expected);
  t.is(reads(), 2);
  for (const names of [['a.jpg', 'b.jpg', 'c.jpg', 'e.jpg'], [...pictures, 'e.jpg'], [...pictures].reverse()])
    read(names);
  t.is(reads(), 5);
  t.is(readdirSync(cache).length, 5);
});

test('what is damaged or foreign in the cache is not used, and mended', (t) => {
  const { read, reads, cache, write } = reader(t);
  const expected = read();
  const [name] = readdirSync(cache);
  const whole = readFileSync(join(cache, name));
  const flipped = Buffer.from(whole);
  flipped[whole.length - 4] ^= 1;
  const damaged = [
    Buffer.alloc(0),
    whole.subarray(0, -4),
    flipped,
    Buffer.from('foreign'),
    Buffer.concat([whole, whole]),
  ];
  for (const [i, bytes] of damaged.entries()) {
    writeFileSync(join(cache, name), bytes);
    t.deepEqual(read(), expected);
    t.is(reads(), 2 + i);
    t.deepEqual(readFileSync(join(cache, name)), whole);
  }
  // Another file's entry under this one's name.
  write('321');
  read();
  const other = readdirSync(cache).find((one) => one !== name)!;
  writeFileSync(join(cache, other), whole);
  t.deepEqual(read().triplets, Int32Array.of(3, 2, 1));
  t.is(reads(), 3 + damaged.length);
});

test('a cache that cannot be written is no error', (t) => {
  const file = join(folderOf(t, { taken: '' }), 'taken');
  const { read, reads } = reader(t, { cache: join(file, 'cache') });
  t.deepEqual(read(), read());
  t.is(reads(), 2);
  const closed = join(folderOf(t), 'closed');
  mkdirSync(closed);
  chmodSync(closed, 0o500);
  const second = reader(t, { cache: join(closed, 'cache') });
  t.deepEqual(second.read(), second.read());
  chmodSync(closed, 0o700);
});

test('small files are not kept; of large ones the newest are', (t) => {
  const small = reader(t, { leastBytes: 7 });
  small.read();
  t.false(existsSync(small.cache));
  const { read, write, reads, cache } = reader(t, { most: 2 });
  const seen = new Set<string>();
  for (const [age, text] of ['012', '123', '231'].entries()) {
    write(text);
    read();
    const name = readdirSync(cache).find((one) => !seen.has(one))!;
    seen.add(name);
    utimesSync(join(cache, name), age + 1, age + 1);
  }
  t.is(readdirSync(cache).length, 2);
  write('231');
  read();
  t.is(reads(), 3);
  writeFileSync(join(cache, '.1-1.tmp'), '');
  utimesSync(join(cache, '.1-1.tmp'), 1, 1);
  write('012');
  read();
  t.is(reads(), 4);
  t.deepEqual(
    readdirSync(cache).filter((name) => name.endsWith('.tmp')),
    [],
  );
});
