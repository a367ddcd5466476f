import { join } from 'node:path';
import { UsageError } from '../../errors.js';
import { describeOwner, findLock, isHeld, lockFile, ownsLock, stateOf, type LockOwner } from '../../locks/index.js';

/** Thrown where a run's folder is locked by another process, or by one on another machine that cannot be asked. */
export class RunLockedError extends UsageError {
  /** @param unknown a line: what to do about a process that cannot be asked, since it may have ended */
  constructor(
    message: string,
    readonly unknown?: string,
  ) {
    super(message);
  }
}

const lockOf = (folder: string): string => join(folder, 'lock');

/** Returns what `lockRun` would throw now, if a living process holds the folder's lock. */
export function lockHolder(folder: string, name: string): RunLockedError | undefined {
  const file = lockOf(folder);
  const found = findLock(file);
  return found?.owner !== undefined && isHeld(found) ? taken(name, file, found.owner) : undefined;
}

/**
 * Makes this process the only one that writes a run's folder, until the returned function is called.
 *
 * The lock of a process that was killed is taken over. That of a process on another machine, or in another container,
 * is taken over after three minutes without a sign of life.
 *
 * @param log is told when the lock of a process that cannot be asked is taken over
 * @throws RunLockedError `run-0111 is being trained by process 4242 on HOST; wait for it or choose another run.id`
 */
export function lockRun(folder: string, name: string, log: (line: string) => void = () => undefined): () => void {
  const file = lockOf(folder);
  const attempt = lockFile(file);
  if (attempt.release === undefined) throw taken(name, file, attempt.holder);
  const { silent } = attempt;
  if (silent !== undefined)
    log(`${name}: taken over from ${describeOwner(silent.owner)}, silent for ${Math.round(silent.for / 60_000)} min`);
  return attempt.release;
}

/**
 * Checks that this process still holds the lock of a run's folder.
 *
 * @throws UsageError where the folder is gone, or another process took the lock over since this one was suspended
 */
export function confirmLock(folder: string, name: string): void {
  const file = lockOf(folder);
  if (ownsLock(file)) return;
  const found = findLock(file);
  if (found !== undefined) throw taken(name, file, found.owner);
  throw new UsageError(`missing file: ${file} was removed while ${name} trained; run the same command again`);
}

function taken(name: string, file: string, owner: LockOwner | undefined): RunLockedError {
  const who = describeOwner(owner);
  const gone = `if that process is gone, remove ${file}`;
  const canAsk = owner === undefined || stateOf(owner) !== 'unknown';
  const unknown = canAsk ? undefined : `${name} is locked by ${who}; ${gone}`;
  return new RunLockedError(
    `${name} is being trained by ${who}; wait for it or choose another run.id (${gone})`,
    unknown,
  );
}
