import { gpuNumbers } from '../../engine/machine.js';
import { Interrupted } from '../../errors.js';
import { interruptible } from '../../interruption.js';
import { checkDoneJobs } from '../jobs/job-inputs.js';
import type { Job } from '../jobs/job.js';
import { settledJobs } from '../jobs/kept-records.js';
import { storeJobs } from '../jobs/job-list.js';
import { requireShared } from '../jobs/require-shared.js';
import { describeMissing, missingFor } from '../jobs/missing-inputs.js';
import type { PerformOptions } from '../jobs/perform.js';
import type { ResolvedTable } from '../jobs/resolve-table.js';
import { runWorkers } from './local/run-workers.js';
import { runWorker, type WorkerReport } from './local/run-worker.js';

export interface RunTableOptions extends PerformOptions {
  /** The number of processes (default: one for each GPU, or one). A single one works here; several are started. */
  readonly processes?: number;
  readonly onJob?: (job: Job) => void;
  readonly onEnd?: (job: Job, failure: string | undefined) => void;
}

/** The results of running a table's jobs. */
export interface RunTableReport {
  readonly done: number;
  readonly all: number;
  /** Why jobs failed, by key. */
  readonly failed: ReadonlyMap<string, string>;
  /** Why jobs cannot be done on this machine, by key. */
  readonly missing: ReadonlyMap<string, string>;
}

/**
 * Does all jobs of a table that are not done yet, and leaves out those whose data or weights this machine lacks.
 *
 * It can be stopped or killed at any moment; the same call resumes, and tries failed jobs again. Other processes may
 * run the same table, or one that shares its runs.
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
  if (processes > 1) requireShared(open, `${processes} processes`);
  if (processes === 1) report = await runWorker(open, folder, { ...options, since, missing });
  else {
    const possible = open.filter(({ key }) => !missing.has(key));
    await runWorkers(storeJobs(possible, folder), { processes, since, signal, log });
    // does what the others left, and so learns of their failures
    report = await runWorker(possible, folder, { ...options, since });
  }
  if (report.interrupted) throw new Interrupted('interrupted; run the same command again to go on');
  return { done: settledJobs(resolved).size, all: jobs.length, failed: report.failed, missing };
}
