import { linkSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { hostname } from 'node:os';
import { join } from 'node:path';
import { UsageError } from '../errors.js';
import { isAlive, thisProcess, type LockOwner } from './lock-owner.js';

/** Thrown where another process, or one that cannot be asked, has a run's folder. */
export class RunTaken extends UsageError {}

const LOCK_FILE = 'lock';

function readOwner(file: string): LockOwner | undefined {
  try {
    return JSON.parse(readFileSync(file, 'utf8')) as LockOwner;
  } catch {
    return undefined; // gone, or the remains of a crash
  }
}

/** Does a living process hold the folder's lock? */
export function isTaken(folder: string): boolean {
  const owner = readOwner(join(folder, LOCK_FILE));
  return owner !== undefined && isAlive(owner);
}

/**
 * Refuses early, before anything is loaded, what `lockRun` would refuse.
 *
 * @throws RunTaken
 */
export function refuseTaken(folder: string, name: string): void {
  const file = join(folder, LOCK_FILE);
  const owner = readOwner(file);
  if (owner !== undefined && isAlive(owner)) throw taken(name, file, owner);
}

/**
 * Makes this process the only one to write a run's folder, until the returned function is called.
 *
 * The lock of a process that was killed is taken over. It appears by a hard link, whole or not at all.
 *
 * @throws RunTaken `run-0111 is being trained by process 4242 on HOST; wait for it or choose another run.id`
 */
export function lockRun(folder: string, name: string): () => void {
  const file = join(folder, LOCK_FILE);
  const own = join(folder, `.lock-${process.pid}`);
  writeFileSync(own, JSON.stringify(thisProcess()));
  try {
    for (let attempt = 0; ; attempt++) {
      try {
        linkSync(own, file);
        break;
      } catch (error) {
        if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
      }
      const other = readOwner(file);
      if (attempt > 10 || (other !== undefined && isAlive(other))) throw taken(name, file, other);
      takeOver(file, other);
    }
  } finally {
    rmSync(own, { force: true });
  }
  return () => {
    const owner = readOwner(file);
    if (owner?.pid === process.pid && owner.host === hostname()) rmSync(file, { force: true });
  };
}

/** Moves a dead process's lock away, unless another one took its place meanwhile. */
function takeOver(file: string, dead: LockOwner | undefined): void {
  const aside = `${file}-${process.pid}`;
  try {
    renameSync(file, aside);
  } catch {
    return; // somebody else was faster
  }
  const moved = readOwner(aside);
  if (moved !== undefined && JSON.stringify(moved) !== JSON.stringify(dead)) {
    try {
      linkSync(aside, file); // it was a living one's: put it back
    } catch {
      // a third process holds it now
    }
  }
  rmSync(aside, { force: true });
}

function taken(name: string, file: string, owner: LockOwner | undefined): RunTaken {
  const who = owner === undefined ? 'another process' : `process ${owner.pid} on ${owner.host}`;
  return new RunTaken(
    `${name} is being trained by ${who}; wait for it or choose another run.id (if that process is gone, remove ${file})`,
  );
}
