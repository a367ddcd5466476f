import { dirname } from 'node:path';
import { UsageError } from '../../../errors.js';
import { loadJobs } from '../../jobs/job-list.js';
import { isDone } from '../../jobs/result.js';
import { runWorker } from '../local/run-worker.js';
import { loadArray } from './arrays.js';
import { slurm } from './queue.js';

/**
 * Does the jobs of a task of an array, as Slurm starts it.
 *
 * On Slurm's warning (SIGUSR1) it checkpoints and has itself requeued; on SIGTERM (cancelled or preempted) it
 * checkpoints and ends.
 *
 * @param file of the array
 * @param number of the task
 * @returns the exit status: 0 also where it was requeued; 1 where a job failed or a job that it needs is not done
 * @throws UsageError where there is no such task
 */
export async function runTask(file: string, number: number, log: (line: string) => void): Promise<number> {
  const { tasks, list } = loadArray(file);
  const folder = dirname(dirname(file));
  const jobs = new Map(loadJobs(list).map((job) => [job.key, job]));
  const own = tasks.at(number)?.map((key) => jobs.get(key)!);
  if (own === undefined)
    throw new UsageError(`invalid task: ${number} of ${file}; give one from 0 to ${tasks.length - 1}`);
  const controller = new AbortController();
  let warned = false;
  const warn = (): void => {
    warned = true;
    controller.abort();
  };
  const stop = (): void => void controller.abort();
  process.on('SIGUSR1', warn).on('SIGTERM', stop);
  let failures = 0;
  try {
    for (const job of own) {
      const undone = job.needs.map((key) => jobs.get(key)!).find((need) => !isDone(need, folder));
      let reason = undone && `it needs ${undone.label}; run the table again`;
      if (reason === undefined) {
        const report = await runWorker([job], folder, { signal: controller.signal, log, since: Date.now() });
        if (report.interrupted) return interrupted(warned, log);
        reason = report.failed.get(job.key);
      }
      log(`${job.label}: ${reason ?? 'done'}`);
      if (reason !== undefined) failures++;
    }
    return failures === 0 ? 0 : 1;
  } finally {
    process.off('SIGUSR1', warn).off('SIGTERM', stop);
  }
}

function interrupted(warned: boolean, log: (line: string) => void): number {
  const id = process.env['SLURM_JOB_ID'];
  if (!warned || id === undefined) return 143;
  log('warned by Slurm: checkpointed, to be requeued');
  slurm('scontrol', ['requeue', id]);
  return 0;
}
