import { alignColumns } from './align-columns.js';
import type { ResolvedTable } from '../jobs/resolve-table.js';
import { settledJobs } from '../jobs/kept.js';

/** A table's jobs in the order in which they are done, a line each: stage, what it is, its key, and whether it is done. */
export function describeJobs(resolved: ResolvedTable): string {
  const { jobs } = resolved;
  const done = settledJobs(resolved);
  const lines = jobs.map((job, at) => [String(at + 1), job.stage, job.label, job.key, done.has(job.key) ? 'done' : '']);
  return alignColumns([['', 'stage', 'job', 'key', ''], ...lines]);
}
