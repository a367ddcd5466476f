import { setImmediate as turn } from 'node:timers/promises';
import { Interrupted, UsageError } from '../../errors.js';
import { fileError } from '../../file-errors.js';
import { lockRun, RunLockedError } from '../../training/index.js';
import { beginAttempt, endAttempt, jobFolder, withdrawAttempt } from './attempts.js';
import { placeOf, type Job } from './job.js';
import { perform, type PerformOptions } from './perform.js';
import { isDone } from './result.js';

/** The outcome of a job. `locked`: another process, `by`, is working on it; `failed`: `reason` says why. */
export type Outcome =
  | { readonly end: 'done' | 'interrupted'; readonly reason?: undefined }
  | { readonly end: 'locked'; readonly by: RunLockedError; readonly reason?: undefined }
  | { readonly end: 'failed'; readonly reason: string };

const lineOf = (error: unknown): string =>
  error instanceof Error ? error.message.split('\n')[0] || error.name : String(error);

/** Lets signals in that came during work without a pause; one turn of the event loop may be too late for them. */
async function listen(): Promise<void> {
  await turn();
  await turn();
}

/** Does a job unless it is done or another process is working on it, and records the attempt. */
export async function doOnce(job: Job, folder: string, options: PerformOptions = {}): Promise<Outcome> {
  await listen();
  if (options.signal?.aborted) return { end: 'interrupted' };
  const place = placeOf(job, folder);
  let release: () => void;
  try {
    release = lockRun(jobFolder(job.key, place), job.label, options.log);
  } catch (error) {
    if (error instanceof RunLockedError) return { end: 'locked', by: error };
    throw error;
  }
  try {
    if (isDone(job, folder)) return { end: 'done' };
    beginAttempt(job, place);
    try {
      await perform(job, folder, options);
      endAttempt(job, place, 'done');
      return { end: 'done' };
    } catch (thrown) {
      const error = fileError(thrown);
      if (error instanceof Interrupted || options.signal?.aborted) {
        endAttempt(job, place, 'interrupted');
        return { end: 'interrupted' };
      }
      if (error instanceof RunLockedError) {
        withdrawAttempt(job, place);
        return { end: 'locked', by: error };
      }
      if (!(error instanceof UsageError) && error instanceof Error) options.log?.(error.stack ?? error.message);
      const reason = lineOf(error);
      endAttempt(job, place, 'failed', reason);
      return { end: 'failed', reason };
    }
  } finally {
    release();
  }
}
