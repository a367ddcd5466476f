import test, { type ExecutionContext } from 'ava';
import type { ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { formatStatus, runTable, tableStatus } from '../../src/experiments/index.js';
import type { LockOwner } from '../../src/locks/index.js';
import { lockHolder } from '../../src/training/index.js';
import { startTripletlab } from '../command-line.js';
import { args, doneTable, ends, load, numbers } from './class-table.js';
import { Holds, until } from './holds.js';

const { whole, temporary } = doneTable();

/** Process numbers of all that are at a job. */
const hands = (folder: string): number[] =>
  existsSync(join(folder, 'jobs'))
    ? readdirSync(join(folder, 'jobs')).flatMap((key) => {
        const file = join(folder, 'jobs', key, 'lock');
        try {
          const { pid } = JSON.parse(readFileSync(file, 'utf8')) as LockOwner;
          return lockHolder(join(folder, 'jobs', key), key) ? [pid] : [];
        } catch {
          return [];
        }
      })
    : [];

/** How attempts ended where it was not once, and well. */
const otherEnds = (folder: string) => ends(folder).filter((all) => all.join() !== 'done');

/** Starts a table by two processes and waits until both are held, at the first two runs. */
async function twoHeld(
  t: ExecutionContext,
  folder: string,
  holds: Holds,
): Promise<{ driver: ChildProcess; workers: number[] }> {
  holds.order('run-0006', 'run-0007');
  const driver = startTripletlab(args('run', folder, '--processes=2'), { env: holds.env });
  t.teardown(() => driver.kill('SIGKILL')); // where the test fails; its workers end then
  driver.stderr!.resume();
  return { driver, workers: [await holds.held('run-0006'), await holds.held('run-0007')] };
}

test.serial('the driver is killed: its workers checkpoint and end, and the next run goes on', async (t) => {
  t.timeout(1_200_000);
  const folder = temporary();
  const holds = new Holds(temporary());
  const { driver, workers } = await twoHeld(t, folder, holds);
  driver.kill('SIGKILL');
  await once(driver, 'close');
  t.deepEqual(hands(folder).sort(), workers.sort());
  holds.release('run-0006', 'run-0007');
  await until('an end of the workers', () => hands(folder).length === 0);
  t.deepEqual(ends(folder).filter((all) => all.length > 0), [['interrupted'], ['interrupted']]); // prettier-ignore
  const { done } = await runTable(load(folder));
  t.is(done, 12);
  t.deepEqual(otherEnds(folder), [
    ['interrupted', 'done'],
    ['interrupted', 'done'],
  ]);
  t.deepEqual(numbers(folder), numbers(whole));
});

test.serial('a worker is killed: another takes its place, and its job is done once', async (t) => {
  t.timeout(1_200_000);
  const folder = temporary();
  const holds = new Holds(temporary());
  const { driver, workers } = await twoHeld(t, folder, holds);
  let said = '';
  driver.stderr!.on('data', (chunk: Buffer) => (said += chunk.toString()));
  process.kill(workers[0], 'SIGKILL');
  holds.release('run-0006', 'run-0007');
  const [code] = (await once(driver, 'close')) as [number];
  t.is(code, 0, said);
  t.regex(said, /killed by SIGKILL; another process takes its place/);
  t.deepEqual(otherEnds(folder), [['going', 'done']]);
  t.deepEqual(numbers(folder), numbers(whole));
});

test.serial('driver and workers are killed at once: the next run loses nothing and does nothing twice', async (t) => {
  t.timeout(1_200_000);
  const folder = temporary();
  const holds = new Holds(temporary());
  const { driver, workers } = await twoHeld(t, folder, holds);
  driver.kill('SIGKILL');
  for (const pid of workers) process.kill(pid, 'SIGKILL');
  await until('their end', () => hands(folder).length === 0);
  holds.release('run-0006', 'run-0007');
  const stands = formatStatus(tableStatus(load(folder)));
  t.regex(stands, /^failed {2}cub_se_rkd_ns_vits run-0006 {3}its process on .* was killed$/m);
  const { done } = await runTable(load(folder));
  t.is(done, 12);
  t.deepEqual(otherEnds(folder), [
    ['going', 'done'],
    ['going', 'done'],
  ]);
  t.deepEqual(numbers(folder), numbers(whole));
});
