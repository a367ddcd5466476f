import { randomInt } from 'node:crypto';
import {
  accessSync,
  closeSync,
  constants,
  fsyncSync,
  lstatSync,
  mkdirSync,
  openSync,
  readdirSync,
  renameSync,
  rmSync,
  statSync,
  writeSync,
} from 'node:fs';
import { homedir } from 'node:os';
import { basename, dirname, isAbsolute, join, relative, resolve } from 'node:path';
import { nearest, UsageError } from './errors.js';
import { fileError } from './file-errors.js';

const isFolder = (path: string): boolean => statSync(path, { throwIfNoEntry: false })?.isDirectory() ?? false;

/** Finds the folders on a path that do not exist, the outermost last, and the innermost one that exists. */
function missingFolders(folder: string): { missing: string[]; there: string } {
  const missing: string[] = [];
  let there = resolve(folder);
  for (; !isFolder(there) && there !== dirname(there); there = dirname(there)) missing.push(there);
  return { missing, there };
}

/**
 * Makes a folder and its parents, unless they exist; one by one, since Node's recursive way never ends in `/proc`.
 *
 * @returns the outermost folder that was made, if any was
 * @throws UsageError `cannot make FOLDER: a part of the path is a file; ...`
 */
export function makeFolder(folder: string): string | undefined {
  try {
    let made: string | undefined;
    for (const path of missingFolders(folder).missing.reverse())
      try {
        mkdirSync(path);
        made ??= path;
      } catch (error) {
        if ((error as NodeJS.ErrnoException).code !== 'EEXIST' || !isFolder(path)) throw error;
      }
    return made;
  } catch (error) {
    throw fileError(error, { verb: 'make', path: folder });
  }
}

/**
 * Checks before hours of work, without making anything, that a folder can be made and files can be written into it.
 *
 * @throws UsageError `cannot write into FOLDER: permission denied; choose another folder or change its permissions`
 */
export function needWritable(folder: string): void {
  try {
    const { missing, there } = missingFolders(folder);
    const inTheWay = missing.at(-1);
    if (inTheWay !== undefined && lstatSync(inTheWay, { throwIfNoEntry: false }))
      throw Object.assign(new Error(), { code: 'ENOTDIR' });
    accessSync(there, constants.W_OK | constants.X_OK);
  } catch (error) {
    throw fileError(error, { verb: 'write into', path: folder });
  }
}

/**
 * Writes a file so that readers see the old content or the new, never a part of it.
 *
 * The content is written under a temporary name beside the target, synced to the disk, and renamed. On any failure,
 * such as a full disk, the temporary file is removed and the old content stays.
 *
 * @throws UsageError `cannot write FILE: no space left on device; free some space and run again`
 */
export function writeFileAtomic(file: string, ...parts: (Uint8Array | string)[]): void {
  const folder = dirname(file);
  makeFolder(folder);
  // processes in different containers can have equal numbers
  const temporary = join(folder, `.${process.pid}-${randomInt(2 ** 47)}.tmp`);
  let descriptor: number | undefined;
  try {
    descriptor = openSync(temporary, 'wx');
    for (const part of parts) {
      const bytes = typeof part === 'string' ? Buffer.from(part, 'utf8') : part;
      for (let at = 0; at < bytes.length;) at += writeSync(descriptor, bytes, at);
    }
    fsyncSync(descriptor);
    closeSync(descriptor);
    descriptor = undefined;
    renameSync(temporary, file);
    syncFolder(folder);
  } catch (error) {
    if (descriptor !== undefined) closeSync(descriptor);
    rmSync(temporary, { force: true });
    throw fileError(error, { verb: 'write', path: file });
  }
}

/** Removes half-written files of killed processes from a folder, and below it, that only this process writes. */
export function removeRemains(folder: string): void {
  for (const name of readdirSync(folder, { recursive: true, encoding: 'utf8' }))
    if (/^\.\d+-\d+\.tmp$/.test(basename(name))) rmSync(join(folder, name), { force: true });
}

/** Syncs a folder, so that a rename in it survives a power cut. */
function syncFolder(folder: string): void {
  const descriptor = openSync(folder, 'r');
  try {
    fsyncSync(descriptor);
  } finally {
    closeSync(descriptor);
  }
}

/**
 * Returns the path of a name found in a data file, which must stay inside its root.
 *
 * @throws UsageError where the name is absolute or climbs out with `..`
 */
export function pathInside(root: string, name: string): string {
  const path = resolve(root, name);
  const below = relative(resolve(root), path);
  if (isAbsolute(name) || below.startsWith('..') || isAbsolute(below))
    throw new UsageError(`invalid path: ${name}; it must lie inside ${root}`);
  return path;
}

/** Replaces the `~/` at the beginning of a path, which only shells read and not everywhere, by the home folder. */
export const expandHome = (path: string): string => (/^~[\\/]/.test(path) ? join(homedir(), path.slice(2)) : path);

/**
 * Returns the existing path that is nearest to one that does not exist: of the same folder, or where that does not
 * exist, with the nearest folder in its place. Undefined where nothing is similar.
 */
export function nearestPath(path: string): string | undefined {
  const folder = dirname(path);
  const there = isFolder(folder) ? folder : folder === path || folder === '.' ? undefined : nearestPath(folder);
  if (there === undefined || !isFolder(there)) return undefined;
  const names = readdirSync(there);
  const name = names.includes(basename(path)) ? basename(path) : nearest(basename(path), names);
  return name === undefined ? undefined : join(there, name);
}
