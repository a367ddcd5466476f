import type { Worker } from 'node:worker_threads';
import { startThread } from '../start-thread.js';

/** Time between two heartbeats, and age of the last one at which a lock may be taken over, in milliseconds. */
export const BEAT = 15_000;
export const SILENCE = 180_000;

let worker: Worker | undefined;

/**
 * Touches a lock's file until the returned function is called, or the process ends or is stopped.
 *
 * @param clock how far the clock of the lock's file system is ahead of ours, milliseconds
 * @param beat time between two touches, milliseconds; the first call of a process decides
 */
export function keepFresh(file: string, clock: number, beat = BEAT): () => void {
  worker ??= startThread('locks/heartbeat-worker.js', beat);
  worker.postMessage({ file, clock });
  return () => worker?.postMessage({ file, clock: null });
}
