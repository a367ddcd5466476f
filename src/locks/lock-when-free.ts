import { setTimeout as sleep } from 'node:timers/promises';
import { lockFile } from './file-lock.js';
import { describeOwner } from './owner.js';

const LOOK_AGAIN = 250; // ms

/**
 * Waits until a lock is ours; the folder of its file must exist.
 *
 * @param onWait called once with the holder: `process 4242 on HOST`
 * @returns a function that gives the lock back
 */
export async function lockWhenFree(
  file: string,
  onWait: (holder: string) => void = () => undefined,
): Promise<() => void> {
  for (let told = false; ; told = true) {
    const attempt = lockFile(file);
    if (attempt.release !== undefined) return attempt.release;
    if (!told) onWait(describeOwner(attempt.holder));
    await sleep(LOOK_AGAIN);
  }
}
