import { dirname } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { UsageError } from '../../errors.js';
import { doOnce, type Outcome } from '../jobs/do-once.js';
import type { Job } from '../jobs/job.js';
import { loadJobs } from '../jobs/job-list.js';
import { isDone } from '../jobs/result.js';
import { loadArray } from './arrays.js';
import { slurm } from './queue.js';

/** How long to wait before looking again whether another process has finished. */
const LOOK_AGAIN = 5000; // ms

/**
 * Does the job of a task of an array, as Slurm starts it.
 *
 * On Slurm's warning (SIGUSR1) it checkpoints and has itself requeued; on SIGTERM (cancelled or preempted) it
 * checkpoints and ends.
 *
 * @param file of the array
 * @param number of the task
 * @returns the exit status
 * @throws UsageError where there is no such task, or what it needs is not done
 */
export async function runTask(file: string, number: number, log: (line: string) => void): Promise<number> {
  const { tasks, list } = loadArray(file);
  const folder = dirname(dirname(file));
  const jobs = new Map(loadJobs(list).map((job) => [job.key, job]));
  const job = jobs.get(tasks[number]);
  if (job === undefined) throw new UsageError(`invalid task: ${number} of ${file}; it has ${tasks.length}, from 0`);
  const undone = job.needs.filter((key) => !isDone(jobs.get(key)!, folder));
  if (undone.length > 0)
    throw new UsageError(`not ready: ${job.label} needs ${jobs.get(undone[0])!.label}; run the table again`);
  const controller = new AbortController();
  let warned = false;
  const warn = (): void => {
    warned = true;
    controller.abort();
  };
  const stop = (): void => void controller.abort();
  process.on('SIGUSR1', warn).on('SIGTERM', stop);
  try {
    log(job.label);
    const { end, reason } = await untilFree(job, folder, controller.signal, log);
    if (end === 'failed') throw new UsageError(reason);
    if (end === 'done') return 0;
    if (!warned) return 143;
    const id = process.env['SLURM_JOB_ID'];
    if (id === undefined) return 130;
    log('warned: checkpointed, to be requeued');
    slurm('scontrol', ['requeue', id]);
    return 0;
  } finally {
    process.off('SIGUSR1', warn).off('SIGTERM', stop);
  }
}

/** Waits for another process that is at the job, to take it up if that one dies. */
async function untilFree(job: Job, folder: string, signal: AbortSignal, log: (line: string) => void): Promise<Outcome> {
  for (;;) {
    const outcome = await doOnce(job, folder, { signal, log });
    if (outcome.end !== 'taken') return outcome;
    await sleep(LOOK_AGAIN, undefined, { signal }).catch(() => undefined);
    if (signal.aborted) return { end: 'interrupted' };
  }
}
