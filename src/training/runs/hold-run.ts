import { rmdirSync } from 'node:fs';
import { dirname } from 'node:path';
import { makeFolder, removeRemains } from '../../files.js';
import type { RunFolder } from './run-folder.js';
import { lockRun } from './run-lock.js';

/**
 * Makes a run's folder, where there is none, and takes its lock.
 *
 * @returns what gives the lock back; folders that were made and hold nothing then go, too
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

/** Removes folders that hold nothing, from the innermost to the outermost. */
function removeEmpty(innermost: string, outermost: string): void {
  try {
    for (let folder = innermost; folder.length >= outermost.length; folder = dirname(folder)) rmdirSync(folder);
  } catch {
    // it holds something by now, or is gone
  }
}
