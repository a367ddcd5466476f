import { alignColumns } from './align-columns.js';
import type { ResolvedTable } from './jobs/resolve-table.js';
import { isDone } from './jobs/result.js';

/** A table's jobs in the order in which they are done, a line each: stage, what it is, its key, and whether it is done. */
export function describeJobs({ jobs, folder }: ResolvedTable): string {
  const lines = jobs.map((job, at) => [
    String(at + 1),
    job.stage,
    job.label,
    job.key,
    isDone(job, folder) ? 'done' : '',
  ]);
  return alignColumns([['', 'stage', 'job', 'key', ''], ...lines]);
}
