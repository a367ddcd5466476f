import { alignColumns } from './align-columns.js';
import type { ResolvedTable } from '../jobs/resolve-table.js';
import { settledJobs } from '../jobs/kept-records.js';

/**
 * Lists a table's jobs in the order in which they are done, one per line: stage, label, key, and whether it is done.
 */
export function describeJobs(resolved: ResolvedTable): string {
  const { jobs } = resolved;
  const done = settledJobs(resolved);
  const lines = jobs.map((job, at) => [String(at + 1), job.stage, job.label, job.key, done.has(job.key) ? 'done' : '']);
  return alignColumns([['', 'stage', 'job', 'key', ''], ...lines]);
}
