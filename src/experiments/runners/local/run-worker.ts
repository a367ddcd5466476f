import { setTimeout as sleep } from 'node:timers/promises';
import { attemptsOf, atWork } from '../../jobs/attempts.js';
import { doOnce } from '../../jobs/do-once.js';
import { placeOf, type Job } from '../../jobs/job.js';
import type { PerformOptions } from '../../jobs/perform.js';
import { isDone } from '../../jobs/result.js';
import type { RunLockedError } from '../../../training/index.js';
import { reportUnknownOwner } from '../../jobs/report-locked.js';

/** Time before looking again whether another process has finished. */
const LOOK_AGAIN = 1000; // ms
/** How often the process of a job may be killed, for example for lack of memory, before the job is given up. */
const MOST_KILLS = 3;

export interface WorkerOptions extends PerformOptions {
  /** Jobs that failed after this time, in milliseconds since 1970, are not tried again. */
  readonly since: number;
  /** Why jobs cannot be done on this machine, by key. */
  readonly missing?: ReadonlyMap<string, string>;
  /** Called where another process is working on a job (default: logs what to do where that process cannot be asked). */
  readonly onLocked?: (by: RunLockedError) => void;
  /** Called when a job begins. */
  readonly onJob?: (job: Job) => void;
  /** Called when a job is done or has failed. */
  readonly onEnd?: (job: Job, failure: string | undefined) => void;
}

/** How the work ended. */
export interface WorkerReport {
  readonly interrupted: boolean;
  /** Failed jobs: keys and reasons. */
  readonly failed: ReadonlyMap<string, string>;
}

/**
 * Does jobs in order, each once those that it needs are done, until no more can be done. Other processes may work on
 * the same jobs.
 *
 * If a job fails, those that need it are not done; the others go on.
 */
export async function runWorker(jobs: readonly Job[], folder: string, options: WorkerOptions): Promise<WorkerReport> {
  const {
    since,
    missing = new Map<string, string>(),
    signal,
    onLocked = reportUnknownOwner((line) => options.log?.(line)),
  } = options;
  const done = new Set<string>();
  const failed = new Map<string, string>();
  const byKey = new Map(jobs.map((job) => [job.key, job]));
  const knownDone = (job: Job): boolean => done.has(job.key) || (isDone(job, folder) && Boolean(done.add(job.key)));
  const given = (key: string): boolean => byKey.has(key) && !knownDone(byKey.get(key)!);
  let pending = jobs.filter(({ key }) => !missing.has(key));
  while (pending.length > 0) {
    pending = pending.filter((job) => !knownDone(job) && !failed.has(job.key));
    const lost = new Set([...failed.keys(), ...missing.keys()]);
    for (const job of pending) if (job.needs.some((key) => lost.has(key))) lost.add(job.key);
    pending = pending.filter(({ key }) => !lost.has(key));
    let begun = false;
    for (const job of pending.filter(({ needs }) => !needs.some(given))) {
      if (signal?.aborted) return { interrupted: true, failed };
      const other = atWork(job, folder);
      if (other) {
        onLocked(other);
        continue;
      }
      const failure = failureSince(job, folder, since);
      if (failure !== undefined) {
        failed.set(job.key, failure);
        begun = true;
        break;
      }
      options.onJob?.(job);
      const outcome = await doOnce(job, folder, options);
      if (outcome.end === 'locked') {
        onLocked(outcome.by);
        pending = [...pending.filter((one) => one !== job), job]; // behind all that can be done now
        continue;
      }
      const { end, reason } = outcome;
      if (end === 'interrupted') return { interrupted: true, failed };
      if (reason === undefined) done.add(job.key);
      else failed.set(job.key, reason);
      options.onEnd?.(job, reason);
      begun = true;
      break; // earlier jobs may be ready now
    }
    if (!begun && pending.length > 0) await sleep(LOOK_AGAIN, undefined, { signal }).catch(() => undefined);
    if (signal?.aborted && pending.length > 0) return { interrupted: true, failed };
  }
  return { interrupted: false, failed };
}

/** Tells why a job is not tried again: it failed, or its process was killed too often. */
function failureSince(job: Job, folder: string, since: number): string | undefined {
  const attempts = attemptsOf(job.key, placeOf(job, folder)).filter(({ started }) => Date.parse(started) >= since);
  const last = attempts.at(-1);
  if (last?.end === 'failed') return last.reason;
  const kills = attempts.filter(({ end }) => end === 'going').length;
  return kills >= MOST_KILLS ? `its process was killed ${kills} times; for want of memory?` : undefined;
}
