import { keptFolder } from '../jobs/kept-records.js';
import { EXPERIMENTS_FOLDER, resolveTable, type ResolvedTable } from '../jobs/resolve-table.js';
import { findProfile } from '../table-profiles/index.js';
import { findTable } from './index.js';

export interface LoadTableOptions {
  /** `paper` (default), `small`, `laptop` or `smoke`. */
  readonly profile?: string;
  /** The folder of all runs (default `modeling/experiments` in the working directory). */
  readonly folder?: string;
  /** Names of rows, and of losses or backbones of one's own where the table's rows differ in that (default: all). */
  readonly rows?: readonly string[];
  /** The folder of records that count as done, too (default: that of the notebooks); false: none. */
  readonly kept?: string | false;
}

const defaults = { profile: 'paper', folder: EXPERIMENTS_FOLDER };

/**
 * Loads a table of the experiments in a profile, with all its jobs, for `runTable`, `tableStatus` and `collectTable`.
 *
 * @param name as `table-teachers`, or `teachers`
 * @throws UsageError where there is no such table or profile
 */
export function loadTable(name: string, options: LoadTableOptions = {}): ResolvedTable {
  const { profile, folder, rows, kept = keptFolder() } = { ...defaults, ...options };
  return resolveTable(findTable(name), findProfile(profile), { folder, rows, kept: kept === false ? undefined : kept });
}
