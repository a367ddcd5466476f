import { existsSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { z } from 'zod';
import { UsageError } from '../../errors.js';
import { writeFileAtomic } from '../../files.js';
import { readStoredJson } from '../../stored-json.js';
import { contentKey } from '../../training/index.js';
import type { Job } from './job.js';

interface JobList {
  readonly format: 1;
  readonly jobs: readonly Job[];
}

const words = { what: 'list of jobs', remedy: 'remove it and run the table again' };

const fileOf = (list: JobList, folder: string): string => join(folder, 'lists', `${contentKey(list)}.json`);

/** Stores jobs for other processes in a file that is named by its content. */
export function storeJobs(jobs: readonly Job[], folder: string): string {
  const list: JobList = { format: 1, jobs };
  const file = fileOf(list, folder);
  if (!existsSync(file)) writeFileAtomic(file, JSON.stringify(list));
  return file;
}

/**
 * Loads the jobs of a stored list.
 *
 * @throws UsageError where there is no such list, or its content does not match its name
 */
export function loadJobs(file: string): readonly Job[] {
  const list = readStoredJson<JobList>(file, z.object({ format: z.literal(1), jobs: z.array(z.unknown()) }), words);
  if (fileOf(list, dirname(dirname(file))) !== file)
    throw new UsageError(`invalid ${words.what}: ${file}: it was changed; ${words.remedy}`);
  return list.jobs;
}
