import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, readFileSync, readdirSync, statSync, utimesSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import test from 'ava';
import { lockFile, thisProcess, type LockOptions } from '../../src/locks/index.js';
import { folderOf } from '../datasets/folders.js';

const built = pathToFileURL(resolve('dist/locks/index.js')).href;

/** A program that takes the lock in its argument, says whether, and waits to be ended. */
const taker = `import { lockFile } from '${built}';
const { release, silent } = lockFile(process.argv[1]);
console.log(release === undefined ? 'held' : silent === undefined ? 'taken' : 'taken over');
if (process.argv[2] === 'stay') setInterval(() => {}, 1000);`;
const program = (...args: string[]): string[] => ['--input-type=module', '-e', taker, ...args];

const ask = (file: string): string => spawnSync(process.execPath, program(file), { encoding: 'utf8' }).stdout.trim();

const noLinks: LockOptions = {
  link: () => {
    throw Object.assign(new Error('EPERM: operation not permitted, link'), { code: 'EPERM' });
  },
};
const age = (file: string, minutes: number): void => {
  const then = Date.now() / 1000 - 60 * minutes;
  utimesSync(file, then, then);
};
const elsewhere = { pid: 7, start: '1', host: 'another-machine' };

for (const [words, options] of [
  ['with hard links', {}],
  ['without hard links', noLinks],
] as const) {
  test(`one holds a lock, until it is given back; ${words}`, (t) => {
    const file = join(folderOf(t), 'lock');
    const first = lockFile(file, options);
    t.deepEqual(JSON.parse(readFileSync(file, 'utf8')), thisProcess());
    const second = lockFile(file, options);
    t.is(second.release, undefined);
    t.is(ask(file), 'held');
    first.release!();
    t.false(existsSync(file));
    const third = lockFile(file, options);
    t.truthy(third.release);
    third.release!();
  });

  test(`the lock of a process that was killed is taken over at once, by one of many; ${words}`, async (t) => {
    const root = folderOf(t);
    const file = join(root, 'lock');
    const owner = spawn(process.execPath, program(file, 'stay'), { stdio: ['ignore', 'pipe', 'inherit'] });
    await once(owner.stdout, 'data');
    owner.kill('SIGKILL');
    await once(owner, 'exit');
    const takers = Array.from({ length: 6 }, () => spawn(process.execPath, program(file, 'stay')));
    const said = await Promise.all(
      takers.map(async ({ stdout }) => ((await once(stdout, 'data')) as [Buffer])[0].toString().trim()),
    );
    for (const process of takers) process.kill('SIGKILL');
    t.deepEqual(said.sort(), ['held', 'held', 'held', 'held', 'held', 'taken']);
    t.deepEqual(readdirSync(root), ['lock']);
  });

  test(`a machine that is heard of keeps its lock; silent for three minutes it loses it; ${words}`, (t) => {
    const file = join(folderOf(t), 'lock');
    for (const owner of [
      elsewhere,
      { ...thisProcess(), boot: 'an earlier one' },
      { ...thisProcess(), namespace: 'pid:[1]' },
    ]) {
      writeFileSync(file, JSON.stringify(owner));
      age(file, 2);
      t.deepEqual(lockFile(file, options), { holder: owner });
      age(file, 4);
      const { release, silent } = lockFile(file, options) as Extract<ReturnType<typeof lockFile>, { silent?: unknown }>;
      t.deepEqual(silent?.owner, owner);
      t.is(Math.round(silent!.for / 60_000), 4);
      release!();
    }
  });

  test(`an empty or damaged lock is left alone while it may be in the making, and then taken over; ${words}`, (t) => {
    const file = join(folderOf(t), 'lock');
    for (const text of ['', '{"pid":', 'null', '[]', '{"pid":"x","host":1}', '{"pid":0,"host":"h"}']) {
      writeFileSync(file, text);
      t.deepEqual(lockFile(file, options), { holder: undefined }, text);
      age(file, 1);
      lockFile(file, options).release!();
      t.false(existsSync(file), text);
    }
  });
}

test('one that was silent for so long and lost its lock does not give back what another one holds', (t) => {
  const file = join(folderOf(t), 'lock');
  const { release } = lockFile(file);
  writeFileSync(file, JSON.stringify(elsewhere));
  release!();
  t.deepEqual(JSON.parse(readFileSync(file, 'utf8')), elsewhere);
});

test('a lock stays fresh while its process computes without a pause', async (t) => {
  const file = join(folderOf(t), 'lock');
  const source = `import { keepFresh } from '${new URL('heartbeat.js', built).href}';
import { writeFileSync, statSync, utimesSync } from 'node:fs';
writeFileSync('${file}', ''); utimesSync('${file}', 1, 1);
keepFresh('${file}', 0, 50);
setTimeout(() => { const end = Date.now() + 60_000; while (Date.now() < end && statSync('${file}').mtimeMs === 1000); }, 500);`;
  const child = spawn(process.execPath, ['--input-type=module', '-e', source]);
  await once(child, 'exit');
  t.true(statSync(file).mtimeMs > 1000);
});

const own = ['--pid', '--fork', '--mount-proc'];
const noNamespaces = spawnSync('unshare', [...own, 'true']).status !== 0;
(noNamespaces ? test.skip : test)('containers with one host name do not share a lock (needs unshare)', async (t) => {
  const root = folderOf(t);
  const file = join(root, 'lock');
  const inside = spawn('unshare', [...own, '--kill-child', process.execPath, ...program(file, 'stay')], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  await once(inside.stdout, 'data');
  t.is((JSON.parse(readFileSync(file, 'utf8')) as { pid: number }).pid, 1); // a number that means another process here
  t.is(ask(file), 'held');
  t.is(spawnSync('unshare', [...own, process.execPath, ...program(file)], { encoding: 'utf8' }).stdout.trim(), 'held');
  inside.kill('SIGKILL');
  await once(inside, 'exit');
  t.is(ask(file), 'held'); // nobody can be asked
  age(file, 4);
  t.is(ask(file), 'taken over');
  t.deepEqual(
    readdirSync(root).filter((name) => name !== 'lock'),
    [],
  );
});
