import { join } from 'node:path';
import { writeFileAtomic } from '../../files.js';
import { packageRoot } from '../../assets.js';
import type { RunRecord } from '../../training/index.js';
import type { Job } from './job.js';
import { isDone, recordOf, recordPlace, resultFile, resultOf } from './result.js';

/** Jobs, and the folders where they may be done already. */
export interface JobsAndPlaces {
  /** The jobs, each after those that it needs. */
  readonly jobs: readonly Job[];
  /** The experiments' folder. */
  readonly folder: string;
  /** Folder of kept records that count as done too; undefined for none. */
  readonly kept: string | undefined;
}

/** The folder of records kept with the notebooks. It is laid out as an experiments' folder, without weights. */
export const keptFolder = (): string => join(packageRoot(), 'notebooks', 'results', 'records');

/** Returns the folders where a job's record may be, in the order of the search. */
export const placesOf = ({ folder, kept }: Pick<JobsAndPlaces, 'folder' | 'kept'>): string[] =>
  kept === undefined ? [folder] : [folder, kept];

/** Returns what is found in the first folder that has it. */
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

/** Is the result of a job kept? The files that it wrote are not. */
export function isKept(job: Job, kept: string): boolean {
  if (job.kind === 'training') return job.runs.every((run) => recordOf(run, kept)?.status === 'finished');
  return resultOf(job, kept) !== undefined;
}

/**
 * Finds the jobs that need not be done: those that are done here, and those whose records are kept and whose files no
 * remaining job needs.
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

/** Returns a record without what belongs to one machine; teachers' epochs, which are many, are left out. */
const portable = (record: RunRecord, { stage }: Job): RunRecord => ({
  ...record,
  machine: withoutHost(record.machine),
  data: { ...record.data, root: null },
  epochs: stage === 'teachers' ? [] : record.epochs,
});

const withoutHost = (machine: RunRecord['machine']): RunRecord['machine'] => ({ ...machine, host: undefined });

/**
 * Keeps the records of finished jobs, so that they count as done elsewhere. Each job is kept completely or not at all;
 * what is kept already is not changed.
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
