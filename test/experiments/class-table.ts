import test from 'ava';
import { rmSync } from 'node:fs';
import { collectTable, loadTable, runTable } from '../../src/experiments/index.js';
import { attemptsOf } from '../../src/experiments/jobs/attempts.js';
import { temporaryFolder } from '../command-line.js';
import { numbersOf } from './done-jobs.js';

/** The smallest table, in a trial. */
export const TABLE = 'table-class-datasets';
export const load = (folder: string) => loadTable(TABLE, { profile: 'smoke', folder });

/** A folder in which the table is done before the tests of a file, and more folders; all are removed after them. */
export function doneTable(): { whole: string; temporary: () => string } {
  const folders: string[] = [];
  const temporary = (): string => {
    const folder = temporaryFolder();
    folders.push(folder);
    return folder;
  };
  const whole = temporary();
  test.before(async () => {
    await runTable(load(whole));
  });
  test.after.always(() => {
    for (const folder of folders) rmSync(folder, { recursive: true, force: true });
  });
  return { whole, temporary };
}

/** What the command line is told of it. */
export const args = (command: string, folder: string, ...rest: string[]) => [
  'experiments',
  command,
  TABLE,
  '--profile=smoke',
  `--out=${folder}`,
  ...rest,
];

/** The numbers of the table in a folder, without what differs from time to time. */
export const numbers = (folder: string): unknown => numbersOf(collectTable(load(folder)));

/** How all attempts at all jobs ended. */
export const ends = (folder: string): string[][] =>
  load(folder).jobs.map(({ key }) => attemptsOf(key, folder).map(({ end }) => end));
