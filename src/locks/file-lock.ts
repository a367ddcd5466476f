import { createHash, randomInt } from 'node:crypto';
import { closeSync, linkSync, openSync, readdirSync, readFileSync, renameSync, rmSync, statSync, writeSync } from 'node:fs'; // prettier-ignore
import { dirname, join } from 'node:path';
import { keepFresh, SILENCE } from './heartbeat.js';
import { stateOf, thisProcess, type LockOwner } from './owner.js';

/** A lock file as it was found; `owner` is undefined where it does not name one. */
export interface FoundLock {
  readonly owner: LockOwner | undefined;
  readonly text: string;
  /** When it was last touched, in milliseconds since 1970 by the file system's clock. */
  readonly touched: number;
}

/** The result of trying to lock: the lock is ours until `release`, or `holder` has it. */
export type LockAttempt =
  | {
      readonly release: () => void;
      /** Set where the lock was taken over from an owner without a sign of life for this many milliseconds. */
      readonly silent?: { readonly owner: LockOwner; readonly for: number };
    }
  | { readonly release?: undefined; readonly holder: LockOwner | undefined };

export interface LockOptions {
  /** Makes a hard link. Where the file system has none, the lock is made by exclusive creation. */
  readonly link?: (from: string, to: string) => void;
}

/** How long an empty or unreadable lock may be in the making; after that it is the remains of a crash. */
const MAKING = 10_000; // ms
const ATTEMPTS = 50;
const PAUSE = 20; // ms

const codeOf = (error: unknown): string | undefined => (error as NodeJS.ErrnoException).code;
const ownText = (): string => JSON.stringify(thisProcess());
const besides = (file: string, number: number): string => join(dirname(file), `.lock-${number}`);

/** Reads the lock in a file; undefined where there is none. */
export function findLock(file: string): FoundLock | undefined {
  try {
    const text = readFileSync(file, 'utf8');
    return { owner: parseOwner(text), text, touched: statSync(file).mtimeMs };
  } catch (error) {
    if (codeOf(error) === 'ENOENT' || codeOf(error) === 'ENOTDIR') return undefined;
    throw error;
  }
}

function parseOwner(text: string): LockOwner | undefined {
  try {
    const owner = JSON.parse(text) as Partial<LockOwner> | null;
    const isOwner = typeof owner?.host === 'string' && Number.isInteger(owner.pid) && owner.pid! > 0;
    return isOwner ? (owner as LockOwner) : undefined;
  } catch {
    return undefined;
  }
}

/** Is a lock's owner alive, as far as can be known? `now` is by the clock of the lock's file system. */
export function isHeld({ owner, touched }: FoundLock, now = Date.now()): boolean {
  const age = now - touched;
  if (owner === undefined) return age < MAKING;
  const state = stateOf(owner);
  return state === 'unknown' ? age < SILENCE : state === 'alive';
}

/**
 * Is the lock in a file this process's? Not if somebody removed it, or took it over while this process was suspended.
 */
export const ownsLock = (file: string): boolean => findLock(file)?.text === ownText();

/**
 * Tries to make this process the only one that holds a lock; its folder must exist.
 *
 * The lock of a process that is gone is taken over at once. The lock of a process elsewhere, whose state cannot be
 * checked, is taken over when its heartbeat has stopped for three minutes.
 */
export function lockFile(file: string, { link = linkSync }: LockOptions = {}): LockAttempt {
  const own = besides(file, randomInt(2 ** 40, 2 ** 41)); // processes in different containers can have equal numbers
  try {
    create(own, ownText());
    const now = statSync(own).mtimeMs; // clocks of file servers differ from ours
    const clock = now - Date.now();
    for (let attempt = 0; ; attempt++) {
      if (place(own, file, link)) return { release: hold(file, clock) };
      const found = findLock(file);
      if (found !== undefined) {
        if (attempt === ATTEMPTS || isHeld(found, now)) return { holder: found.owner };
        if (takeOver(file, found, own, now)) return { release: hold(file, clock), ...silence(found, now) };
      }
      Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, PAUSE);
    }
  } finally {
    rmSync(own, { force: true });
  }
}

const silence = ({ owner, touched }: FoundLock, now: number) =>
  owner !== undefined && stateOf(owner) === 'unknown' ? { silent: { owner, for: now - touched } } : {};

/** Makes the lock unless there is one: in one step by a hard link, or where there are no links by creation. */
function place(own: string, file: string, link: (from: string, to: string) => void): boolean {
  try {
    link(own, file);
    return true;
  } catch (error) {
    if (codeOf(error) === 'EEXIST') return false;
  }
  return create(file, ownText());
}

/** Makes a file unless there is one; on a full disk, too, it is made completely or not at all. */
function create(file: string, text: string): boolean {
  let descriptor: number;
  try {
    descriptor = openSync(file, 'wx');
  } catch (error) {
    if (codeOf(error) === 'EEXIST') return false;
    throw error;
  }
  try {
    writeSync(descriptor, text);
  } catch (error) {
    rmSync(file, { force: true });
    throw error;
  } finally {
    closeSync(descriptor);
  }
  return true;
}

/**
 * Replaces a lock by our own in one step. A guard, named by what is replaced, lets only one process do so at a time.
 */
function takeOver(file: string, found: FoundLock, own: string, now: number): boolean {
  const guard = besides(file, parseInt(createHash('sha256').update(found.text).digest('hex').slice(0, 12), 16));
  if (!create(guard, '')) {
    removeOld(guard, now);
    return false;
  }
  try {
    const still = findLock(file);
    if (still?.text !== found.text || isHeld(still, now)) return false;
    renameSync(own, file);
    return true;
  } finally {
    rmSync(guard, { force: true });
  }
}

/** Removes what a process left that was killed while it took a lock. */
function removeOld(file: string, now: number): void {
  const touched = statSync(file, { throwIfNoEntry: false })?.mtimeMs ?? now;
  if (now - touched > MAKING) rmSync(file, { force: true });
}

function hold(file: string, clock: number): () => void {
  const folder = dirname(file);
  for (const name of readdirSync(folder)) if (/^\.lock-\d+$/.test(name)) removeOld(join(folder, name), Date.now() + clock); // prettier-ignore
  const calm = keepFresh(file, clock);
  return () => {
    calm();
    if (ownsLock(file)) rmSync(file, { force: true });
  };
}
