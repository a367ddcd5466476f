import { mkdtempSync, readdirSync, rmSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { makeFolder } from '../files.js';
import { findLock, isHeld, lockFile } from './file-lock.js';

const LOCK = '.lock';
const MAKING = 60_000; // ms

/** Did a process that is gone leave this folder? A folder without a lock may still be in the making. */
function isLeft(folder: string): boolean {
  const lock = findLock(join(folder, LOCK));
  if (lock !== undefined) return !isHeld(lock);
  return Date.now() - (statSync(folder, { throwIfNoEntry: false })?.mtimeMs ?? Infinity) > MAKING;
}

/**
 * Makes a folder for temporary files, `PREFIX` and six characters, and removes those that killed processes left beside
 * it.
 *
 * @returns the folder, and a function that removes it
 */
export function makeWorkFolder(parent: string, prefix: string): { folder: string; remove: () => void } {
  makeFolder(parent);
  const pattern = /^\w{6}$/;
  for (const name of readdirSync(parent))
    if (name.startsWith(prefix) && pattern.test(name.slice(prefix.length)) && isLeft(join(parent, name)))
      rmSync(join(parent, name), { recursive: true, force: true });
  const folder = mkdtempSync(join(parent, prefix));
  const { release } = lockFile(join(folder, LOCK));
  return {
    folder,
    remove: () => {
      release?.();
      rmSync(folder, { recursive: true, force: true, maxRetries: 5, retryDelay: 200 });
    },
  };
}
