import { closeSync, fsyncSync, mkdirSync, openSync, readdirSync, renameSync, rmSync, writeSync } from 'node:fs';
import { basename, dirname, isAbsolute, join, relative, resolve } from 'node:path';
import { UsageError } from './errors.js';

let count = 0;

/**
 * Writes a file so that readers see the old content or the new, never a part of it.
 *
 * Written under a temporary name beside the target, synced to the disk, then renamed; on any failure (a full disk,
 * say) the temporary file is removed and the old content stays.
 *
 * @throws UsageError `cannot write FILE: no space left on device; free some space and run again`
 */
export function writeFileAtomic(file: string, ...parts: (Uint8Array | string)[]): void {
  const folder = dirname(file);
  mkdirSync(folder, { recursive: true });
  const temporary = join(folder, `.${process.pid}-${count++}.tmp`);
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
    throw explain(error, file);
  }
}

/** Removes what killed processes left half written in a folder that this process alone writes, and below it. */
export function removeRemains(folder: string): void {
  for (const name of readdirSync(folder, { recursive: true, encoding: 'utf8' }))
    if (/^\.\d+-\d+\.tmp$/.test(basename(name))) rmSync(join(folder, name), { force: true });
}

/** Makes a rename in the folder survive a power cut. */
function syncFolder(folder: string): void {
  const descriptor = openSync(folder, 'r');
  try {
    fsyncSync(descriptor);
  } finally {
    closeSync(descriptor);
  }
}

function explain(error: unknown, file: string): unknown {
  const code = (error as NodeJS.ErrnoException).code;
  if (code === 'ENOSPC' || code === 'EDQUOT')
    return new UsageError(`cannot write ${file}: no space left on device; free some space and run again`);
  if (code === 'EACCES' || code === 'EPERM' || code === 'EROFS')
    return new UsageError(`cannot write ${file}: permission denied; choose another folder`);
  return error;
}

/**
 * The path of a name found in a data file, which must stay inside its root.
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
