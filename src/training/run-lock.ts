import { linkSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { hostname } from 'node:os';
import { join } from 'node:path';
import { UsageError } from '../errors.js';

/** Thrown where another process, or one that cannot be asked, has a run's folder. */
export class RunTaken extends UsageError {}

interface Owner {
  readonly pid: number;
  /** The process's start time in clock ticks where the system tells: a number may be given out again. */
  readonly start: string | null;
  readonly host: string;
}

const LOCK_FILE = 'lock';

function startTime(pid: number): string | null {
  try {
    // fields after the command's closing parenthesis; the start time is the 22nd of all
    return readFileSync(`/proc/${pid}/stat`, 'utf8').split(') ').pop()!.split(' ')[19];
  } catch {
    return null;
  }
}

function isAlive(owner: Owner): boolean {
  if (owner.host !== hostname()) return true; // cannot be known from here
  try {
    process.kill(owner.pid, 0);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ESRCH') return false;
  }
  return owner.start === null || startTime(owner.pid) === owner.start;
}

function readOwner(file: string): Owner | undefined {
  try {
    return JSON.parse(readFileSync(file, 'utf8')) as Owner;
  } catch {
    return undefined; // gone, or the remains of a crash
  }
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
  const owner: Owner = { pid: process.pid, start: startTime(process.pid), host: hostname() };
  writeFileSync(own, JSON.stringify(owner));
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
    if (readOwner(file)?.pid === process.pid) rmSync(file, { force: true });
  };
}

/** Moves a dead process's lock away, unless another one took its place meanwhile. */
function takeOver(file: string, dead: Owner | undefined): void {
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

function taken(name: string, file: string, owner: Owner | undefined): RunTaken {
  const who = owner === undefined ? 'another process' : `process ${owner.pid} on ${owner.host}`;
  return new RunTaken(
    `${name} is being trained by ${who}; wait for it or choose another run.id (if that process is gone, remove ${file})`,
  );
}
