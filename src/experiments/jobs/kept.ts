import { join } from 'node:path';
import { writeFileAtomic } from '../../files.js';
import { packageRoot } from '../../assets.js';
import type { RunRecord } from '../../training/index.js';
import type { Job } from './job.js';
import { isDone, recordOf, recordPlace, resultFile, resultOf } from './result.js';

/** What says which jobs there are, and where they may be done already. */
export interface JobsAndPlaces {
  /** Each after those that it needs. */
  readonly jobs: readonly Job[];
  /** Where experiments lie. */
  readonly folder: string;
  /** Records that count as done here too; undefined where none do. */
  readonly kept: string | undefined;
}

/** Where records are kept with the notebooks: the same folders and files as below an experiments' folder, no weights. */
export const keptFolder = (): string => join(packageRoot(), 'notebooks', 'results', 'records');

/** Where a job's record may be, in the order in which it is looked for. */
export const placesOf = ({ folder, kept }: Pick<JobsAndPlaces, 'folder' | 'kept'>): string[] =>
  kept === undefined ? [folder] : [folder, kept];

/** What is found in the first place that has it. */
export function firstIn<Found>(
  places: readonly string[],
  find: (place: string) => Found | undefined,
): Found | undefined {
  for (const place of places) {
    const found = find(place);
    if (found !== undefined) return found;
  }
  return undefined;
}

/** Is what came of a job kept? The files that it made are not. */
export function isKept(job: Job, kept: string): boolean {
  if (job.kind === 'training') return job.runs.every((run) => recordOf(run, kept)?.status === 'finished');
  return resultOf(job, kept) !== undefined;
}

/**
 * Finds the jobs that need not be done: those that are done here, and those that are kept and whose files no job that is
 * still to be done needs.
 *
 * @returns their keys
 */
export function settledJobs({ jobs, folder, kept }: JobsAndPlaces): Set<string> {
  const settled = new Set<string>();
  const needed = new Set<string>();
  for (const job of [...jobs].reverse()) {
    if (isDone(job, folder) || (kept !== undefined && !needed.has(job.key) && isKept(job, kept))) settled.add(job.key);
    else for (const key of job.needs) needed.add(key);
  }
  return settled;
}

/** A record without what is of one machine alone; teachers' epochs, which are many, are left out. */
const portable = (record: RunRecord, { stage }: Job): RunRecord => ({
  ...record,
  machine: withoutHost(record.machine),
  data: { ...record.data, root: null },
  epochs: stage === 'teachers' ? [] : record.epochs,
});

const withoutHost = (machine: RunRecord['machine']): RunRecord['machine'] => ({ ...machine, host: undefined });

/**
 * Keeps the records of finished jobs, so that they count as done elsewhere. Job by job all or nothing; what is kept
 * already stays as it is.
 *
 * @returns the number of jobs that were added
 */
export function keepJobs({ jobs, folder }: JobsAndPlaces, kept: string): number {
  const added = jobs.filter((job) => isDone(job, folder) && !isKept(job, kept));
  for (const job of added) {
    if (job.kind !== 'training') continue;
    for (const run of job.runs)
      writeFileAtomic(recordPlace(run, kept), `${JSON.stringify(portable(recordOf(run, folder)!, job))}\n`);
  }
  for (const job of added) {
    if (job.kind === 'training') continue;
    const result = resultOf(job, folder)!;
    const portableResult = { ...result, machine: withoutHost(result.machine) };
    writeFileAtomic(resultFile(job, kept), `${JSON.stringify(portableResult)}\n`);
  }
  return added.length;
}
