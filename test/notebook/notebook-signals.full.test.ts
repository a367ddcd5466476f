import test from 'ava';
import { once } from 'node:events';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { startTripletlab, tripletlab } from '../command-line.js';
import { makeFolder, makeNotebook, noJupyter, testUnless } from './helpers.js';

const { folder, remove } = makeFolder();
test.after.always(remove);

/** Whether a process is there and has not ended. */
function runs(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return !existsSync('/proc') || !/^\d+ \(.*\) Z/.test(readFileSync(`/proc/${pid}/stat`, 'utf8'));
  } catch {
    return false;
  }
}

async function until(holds: () => boolean): Promise<void> {
  while (!holds()) await new Promise((done) => setTimeout(done, 50));
}

/** In a folder of its own: other tests run notebooks at the same time. */
const remains = (): string[] =>
  readdirSync(join(folder, 'build', 'notebooks')).filter((name) => name.startsWith('.execute-'));

testUnless(
  noJupyter,
  'on a signal Jupyter and the kernel end too, though a cell computes; KILL leaves no more',
  async (t) => {
    for (const signal of ['SIGTERM', 'SIGHUP', 'SIGKILL'] as const) {
      const pids = join(folder, signal);
      const file = makeNotebook(join(folder, `${signal}.ipynb`), [
        `import { writeFileSync } from 'node:fs';\nwriteFileSync('${pids}', process.pid + ' ' + process.ppid + ' ');`,
        'for (const end = Date.now() + 120_000; Date.now() < end; );',
      ]);
      const child = startTripletlab(['notebook', 'run', file], { cwd: folder });
      let stderr = '';
      child.stderr!.on('data', (data: Buffer) => (stderr += data.toString()));
      const ended = once(child, 'exit') as Promise<[number | null, string | null]>;
      await until(() => child.exitCode !== null || (existsSync(pids) && readFileSync(pids, 'utf8').endsWith(' ')));
      t.is(child.exitCode, null, stderr);
      const [kernel, jupyter] = readFileSync(pids, 'utf8').split(' ').map(Number);
      t.deepEqual([runs(kernel), runs(jupyter)], [true, true]);
      child.kill(signal);
      const [code] = await ended;
      await until(() => !runs(kernel) && !runs(jupyter)); // or the test takes too long
      if (signal === 'SIGKILL') t.is(code, null);
      else {
        t.is(code, 130);
        t.regex(stderr, /tripletlab: interrupted at \S*\.ipynb; run the same command again\n$/);
      }
    }
    t.true(remains().length > 0); // of the one that was killed
    const before = remains();
    tripletlab(['notebook', 'run', makeNotebook(join(folder, 'next.ipynb'), ['1'])], { cwd: folder });
    t.deepEqual(
      remains().filter((name) => before.includes(name)),
      [],
    );
  },
);
