import { rmdirSync } from 'node:fs';
import { dirname } from 'node:path';
import { makeFolder, removeRemains } from '../../files.js';
import type { RunFolder } from './run-folder.js';
import { lockRun } from './run-lock.js';

/**
 * Makes a run's folder, if there is none, and takes its lock.
 *
 * @returns a function that gives the lock back and removes the folders that were made and are still empty
 * @throws RunLockedError where another process has it
 */
export function holdRun({ name, folder }: RunFolder, log?: (line: string) => void): () => void {
  const made = makeFolder(folder);
  const release = lockRun(folder, name, log);
  removeRemains(folder);
  return () => {
    release();
    if (made !== undefined) removeEmpty(folder, made);
  };
}

/** Removes empty folders, from the innermost to the outermost. */
function removeEmpty(innermost: string, outermost: string): void {
  try {
    for (let folder = innermost; folder.length >= outermost.length; folder = dirname(folder)) rmdirSync(folder);
  } catch {
    // it is not empty any more, or is gone
  }
}
