import { UsageError } from '../../errors.js';
import { keepJobs } from '../jobs/kept-records.js';
import type { ResolvedTable } from '../jobs/resolve-table.js';

/**
 * Keeps the records of a table's finished jobs, for example in a repository, so that they count as done on every
 * machine that has them: run records and results, no weights and no embeddings.
 *
 * @returns how many jobs were added, and where
 * @throws UsageError where the table was loaded without such a folder
 */
export function keepTable(resolved: ResolvedTable): { added: number; folder: string } {
  if (resolved.kept === undefined) throw new UsageError('missing --kept; give the folder that keeps the records');
  return { added: keepJobs(resolved, resolved.kept), folder: resolved.kept };
}
