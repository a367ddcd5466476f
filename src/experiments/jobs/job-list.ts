import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { UsageError } from '../../errors.js';
import { writeFileAtomic } from '../../files.js';
import { contentKey } from '../../training/index.js';
import type { Job } from './job.js';

interface JobList {
  readonly format: 1;
  readonly jobs: readonly Job[];
}

/** Stores jobs for other processes; the file is named by its content. */
export function storeJobs(jobs: readonly Job[], folder: string): string {
  const list: JobList = { format: 1, jobs };
  const file = join(folder, 'lists', `${contentKey(list)}.json`);
  if (!existsSync(file)) writeFileAtomic(file, JSON.stringify(list));
  return file;
}

/**
 * The jobs of a stored list.
 *
 * @throws UsageError where there is no such list
 */
export function loadJobs(file: string): readonly Job[] {
  try {
    const list = JSON.parse(readFileSync(file, 'utf8')) as JobList;
    if (list.format !== 1 || !Array.isArray(list.jobs)) throw new SyntaxError('another format');
    return list.jobs;
  } catch {
    throw new UsageError(`invalid list of jobs: ${file}; run the table again`);
  }
}
