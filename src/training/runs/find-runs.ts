import { existsSync, readdirSync, rmdirSync, statSync } from 'node:fs';
import { join, relative, resolve } from 'node:path';
import { runName } from '../../configuration/model-uri.js';
import { UsageError } from '../../errors.js';
import { expandHome, makeFolder, nearestPath } from '../../files.js';
import { RECORD_FILE } from './run-record.js';

/** The folder below which runs are looked for, unless another is named. */
export const RUNS_ROOT = 'modeling';

/** How far below the root runs lie: `experiments/runs/KEY/run-0111`. */
const DEEPEST = 5;
const NUMBER = /^(?:run-)?(\d{1,9})$/;
const NAME = /^run-\d{4,}$/;

const isFolder = (path: string): boolean => statSync(path, { throwIfNoEntry: false })?.isDirectory() ?? false;
const isRun = (path: string): boolean => existsSync(join(path, RECORD_FILE));

/** Lists the folders of all runs below a folder, in the order of their paths. */
export function runFolders(root: string, depth = DEEPEST): string[] {
  if (!isFolder(root)) return [];
  if (isRun(root)) return [root];
  if (depth === 0) return [];
  return readdirSync(root, { withFileTypes: true })
    .filter((entry) => entry.isDirectory() && !entry.name.startsWith('.') && entry.name !== 'node_modules')
    .map(({ name }) => name)
    .sort()
    .flatMap((name) => runFolders(join(root, name), depth - 1));
}

/**
 * Finds the folder of a run by its path or by its number: `modeling/runs/run-0111`, `run-0111`, `111`.
 *
 * @param root the folder below which a number is looked for
 * @throws UsageError where there is none, or several have the number
 */
export function findRun(given: string, root = RUNS_ROOT): string {
  const path = expandHome(given);
  if (isRun(path)) return path;
  const digits = NUMBER.exec(given)?.[1];
  if (digits === undefined) {
    const near = nearestPath(path);
    const meant = near !== undefined && isRun(near) ? `did you mean ${near}?` : 'give its folder or its number, see tripletlab runs list'; // prettier-ignore
    throw new UsageError(`unknown run: ${given}; ${meant}`);
  }
  const name = runName(Number(digits));
  const found = runFolders(root).filter((folder) => folder.endsWith(`/${name}`) || folder === name);
  if (found.length === 1) return found[0];
  if (found.length === 0) throw new UsageError(`unknown run: ${given}; there is no ${name} below ${root}, see tripletlab runs list`); // prettier-ignore
  const [first, second] = found;
  throw new UsageError(
    `ambiguous run: ${given}; there are ${found.length}, as ${first} and ${second}: give the folder`,
  );
}

/** Is this a run's number, `111` or `run-0111`, and no folder of a run? */
export const isRunNumber = (given: string): boolean => NUMBER.test(given) && !isRun(given);

/** Returns the next free number in a folder of runs: one above the highest there, at least 1. */
export function nextRunId(folder: string): number {
  const path = resolve(folder);
  const names = isFolder(path) ? readdirSync(path).filter((name) => NAME.test(name)) : [];
  return Math.max(0, ...names.map((name) => Number(name.slice('run-'.length)))) + 1;
}

/**
 * Reserves consecutive numbers for new runs by making their folders, so that no other process gets the same ones.
 *
 * @returns the first number, and a function that removes what is still empty of the folders
 */
export function reserveRunIds(folder: string, count: number): { first: number; release: () => void } {
  const path = resolve(folder);
  makeFolder(path);
  for (;;) {
    const first = nextRunId(path);
    const wanted = Array.from({ length: count }, (_, i) => join(path, runName(first + i)));
    const made: string[] = [];
    const release = (): void => {
      for (const one of made) if (isFolder(one) && readdirSync(one).length === 0) rmdirSync(one);
    };
    for (const one of wanted) if (makeFolder(one) === one) made.push(one);
    if (made.length === count) return { first, release };
    release(); // another process has made one of them meanwhile
  }
}

/** Returns the path of a run's folder as it is shown: from the working directory, if it is inside. */
export function displayRun(folder: string): string {
  const below = relative(process.cwd(), resolve(folder));
  return below.startsWith('..') ? resolve(folder) : below;
}
