import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdtempSync, readFileSync, readdirSync, rmSync, utimesSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import test from 'ava';
import { load } from './load.js';

const { withLock } = await load<{ withLock: <T>(file: string, work: () => Promise<T>) => Promise<T> }>('lock.mjs');

const folder = mkdtempSync(join(tmpdir(), 'lock-'));
test.after.always(() => {
  rmSync(folder, { recursive: true, force: true });
});

/** Enters with others, notes when it comes and goes, and stays a moment. */
const entrant = `import { withLock } from '${pathToFileURL(resolve('src/setup/lock.mjs')).href}';
import { appendFileSync } from 'node:fs';
await withLock(process.argv[1], async () => {
  appendFileSync(process.argv[2], 'in ');
  await new Promise((done) => setTimeout(done, 30));
  appendFileSync(process.argv[2], 'out ');
});`;

test('after an owner that died, one of many is inside at a time', async (t) => {
  for (let burst = 0; burst < 4; burst++) {
    const place = mkdtempSync(join(folder, 'burst-'));
    const [lock, log] = [join(place, 'lock'), join(place, 'log')];
    writeFileSync(lock, '4194305'); // greater than any process id
    const children = Array.from({ length: 5 }, () =>
      spawn(process.execPath, ['--input-type=module', '-e', entrant, lock, log], { stdio: 'ignore' }),
    );
    await Promise.all(children.map((child) => once(child, 'exit')));
    t.is(readFileSync(log, 'utf8'), 'in out '.repeat(5));
    t.deepEqual(readdirSync(place), ['log']);
  }
});

test('an empty lock, and one of a machine that is silent, do not block for ever', async (t) => {
  const lock = join(folder, 'left');
  const then = Date.now() / 1000 - 300;
  for (const text of ['', 'rubbish', '17 another-machine boot pid:[1]']) {
    writeFileSync(lock, text);
    utimesSync(lock, then, then);
    t.is(await withLock(lock, () => Promise.resolve(7)), 7, text);
    t.false(existsSync(lock));
  }
});

test('the lock of another machine that is heard of is waited for', async (t) => {
  const lock = join(folder, 'heard');
  writeFileSync(lock, `${process.pid} another-machine boot pid:[1]`);
  let entered = false;
  const waiting = withLock(lock, () => Promise.resolve((entered = true)));
  await new Promise((done) => setTimeout(done, 500));
  t.false(entered);
  rmSync(lock);
  t.true(await waiting);
});
