import { requireModules } from '../../training/index.js';
import type { Job } from './job.js';

/** Refuses jobs with parts of one's own that other processes cannot have. @throws UsageError */
export function requireShared(jobs: readonly Job[], work: string): void {
  for (const job of jobs) if (job.kind === 'training') for (const run of job.runs) requireModules(run, work);
}
