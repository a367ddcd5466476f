import { existsSync, mkdirSync, readdirSync, utimesSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import test from 'ava';
import { makeWorkFolder, thisProcess } from '../../src/locks/index.js';
import { folderOf } from '../datasets/folders.js';

test('a folder for work goes with it; what killed processes left goes with the next, nothing else does', (t) => {
  const root = folderOf(t);
  const first = makeWorkFolder(root, '.work-');
  writeFileSync(join(first.folder, 'half'), 'x');
  const left = join(root, '.work-abcdef');
  mkdirSync(left);
  writeFileSync(join(left, '.lock'), JSON.stringify({ ...thisProcess(), pid: 2 ** 22 + 1 })); // greater than any
  const unlocked = join(root, '.work-ABCDEF'); // in the making
  const old = join(root, '.work-000000');
  for (const folder of [unlocked, old, join(root, '.work-mine.ipynb'), join(root, 'work')]) mkdirSync(folder);
  utimesSync(old, 1, 1);
  const second = makeWorkFolder(root, '.work-');
  t.false(existsSync(left));
  t.false(existsSync(old));
  for (const kept of [first.folder, second.folder, unlocked, join(root, '.work-mine.ipynb')]) t.true(existsSync(kept));
  first.remove();
  second.remove();
  t.deepEqual(readdirSync(root).sort(), ['.work-ABCDEF', '.work-mine.ipynb', 'work']);
});
