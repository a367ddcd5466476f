import { linkSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { hostname } from 'node:os';
import { join } from 'node:path';
import { UsageError } from '../errors.js';
import { canAsk, isAlive, thisProcess, type LockOwner } from './lock-owner.js';

/** Thrown where another process, or one that cannot be asked, has a run's folder. */
export class RunTaken extends UsageError {
  /** @param unknown what to do about a process that cannot be asked, since it may be gone; a line */
  constructor(
    message: string,
    readonly unknown?: string,
  ) {
    super(message);
  }
}

const LOCK_FILE = 'lock';

function readOwner(file: string): LockOwner | undefined {
  try {
    return JSON.parse(readFileSync(file, 'utf8')) as LockOwner;
  } catch {
    return undefined; // gone, or the remains of a crash
  }
}

/** What `lockRun` would throw now, if a living process holds the folder's lock. */
export function takenBy(folder: string, name: string): RunTaken | undefined {
  const file = join(folder, LOCK_FILE);
  const owner = readOwner(file);
  return owner !== undefined && isAlive(owner) ? taken(name, file, owner) : undefined;
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
  const gone = `if that process is gone, remove ${file}`;
  const unknown = owner === undefined || canAsk(owner) ? undefined : `${name} is in the hands of ${who}; ${gone}`;
  return new RunTaken(`${name} is being trained by ${who}; wait for it or choose another run.id (${gone})`, unknown);
}
