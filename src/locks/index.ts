/** Locks between processes, containers and machines, as files beside what they protect. */
export {
  findLock,
  isHeld,
  lockFile,
  ownsLock,
  type FoundLock,
  type LockAttempt,
  type LockOptions,
} from './file-lock.js';
export { describeOwner, stateOf, thisProcess, type LockOwner } from './owner.js';
export { lockWhenFree } from './lock-when-free.js';
export { makeWorkFolder } from './work-folder.js';
