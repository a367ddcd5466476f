import { gpuNumbers } from '../../engine/machine.js';
import { Interrupted } from '../../errors.js';
import { interruptible } from '../../interruption.js';
import { checkDoneJobs } from '../jobs/job-inputs.js';
import type { Job } from '../jobs/job.js';
import { settledJobs } from '../jobs/kept.js';
import { storeJobs } from '../jobs/job-list.js';
import { describeMissing, missingFor } from '../jobs/missing.js';
import type { PerformOptions } from '../jobs/perform.js';
import type { ResolvedTable } from '../jobs/resolve-table.js';
import { runWorkers } from './local/run-workers.js';
import { runWorker, type WorkerReport } from './local/run-worker.js';

export interface RunTableOptions extends PerformOptions {
  /** Processes at once (default: one for each GPU, or one): one works here, several are started. */
  readonly processes?: number;
  readonly onJob?: (job: Job) => void;
  readonly onEnd?: (job: Job, failure: string | undefined) => void;
}

/** What came of a table's jobs. */
export interface RunTableReport {
  readonly done: number;
  readonly all: number;
  /** Why jobs failed, by key. */
  readonly failed: ReadonlyMap<string, string>;
  /** Why jobs cannot be done on this machine, by key. */
  readonly missing: ReadonlyMap<string, string>;
}

/**
 * Does all of a table that is not done yet on this machine, and leaves out what it has no data or weights for.
 *
 * It can be stopped or killed at any moment; the same call goes on, and tries again what failed. Other processes may do
 * the same table, or one that shares its runs.
 *
 * @throws Interrupted when the signal, or an interrupt of the notebook's cell, ends it
 */
export async function runTable(resolved: ResolvedTable, given: RunTableOptions = {}): Promise<RunTableReport> {
  const { folder, jobs, profile } = resolved;
  const options = interruptible(given);
  const { processes = Math.max(1, gpuNumbers().length), signal, log } = options;
  const since = Date.now();
  await profile.prepare?.(folder);
  const done = settledJobs(resolved);
  const missing = missingFor(jobs, ({ key }) => done.has(key), { thorough: true });
  for (const line of [...(await checkDoneJobs(resolved, done)), ...describeMissing(missing)]) log?.(line);
  const open = jobs.filter(({ key }) => !done.has(key));
  let report: WorkerReport;
  if (processes === 1) report = await runWorker(open, folder, { ...options, since, missing });
  else {
    const possible = open.filter(({ key }) => !missing.has(key));
    await runWorkers(storeJobs(possible, folder), { processes, since, signal, log });
    // what all have left: failures, now of this process's knowledge
    report = await runWorker(possible, folder, { ...options, since });
  }
  if (report.interrupted) throw new Interrupted('interrupted; run the same command again to go on');
  return { done: settledJobs(resolved).size, all: jobs.length, failed: report.failed, missing };
}
