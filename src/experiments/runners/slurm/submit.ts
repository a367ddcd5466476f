import { importArguments } from '../../../catalogue/import-parts.js';
import { join } from 'node:path';
import { requireShared } from '../../jobs/require-shared.js';
import { contentKey, lockRun } from '../../../training/index.js';
import { checkDoneJobs } from '../../jobs/job-inputs.js';
import { stages } from '../../jobs/job.js';
import { storeJobs } from '../../jobs/job-list.js';
import { settledJobs } from '../../jobs/kept-records.js';
import { missingFor } from '../../jobs/missing-inputs.js';
import type { ResolvedTable } from '../../jobs/resolve-table.js';
import { launcher } from '../../../assets.js';
import { makeFolder } from '../../../files.js';
import { arrayFile, storeArray } from './arrays.js';
import { queueOf, slurm } from './queue.js';
import { jobsPerTask, sbatchOptions, type Resources } from './resources.js';

export interface Submitted {
  /** The submitted arrays: number in Slurm, stage, number of tasks. */
  readonly arrays: readonly { readonly id: string; readonly stage: string; readonly tasks: number }[];
  /** The number of tasks that Slurm has already. */
  readonly queued: number;
  readonly missing: ReadonlyMap<string, string>;
  /** Which finished jobs could not be compared with the present data, in lines. */
  readonly doubts: readonly string[];
}

/** Quotes a word for the shell of the batch script. */
const quoted = (word: string): string => `'${word.replaceAll("'", "'\\''")}'`;

/**
 * Submits the jobs of a table that are neither done nor in Slurm's queue: an array for each stage, which begins when
 * those of the stages before have ended. Of failed arrays only the failed tasks are submitted again.
 *
 * @throws UsageError where Slurm reports an error
 */
export async function submitTable(resolved: ResolvedTable, resources: Resources): Promise<Submitted> {
  const { folder, jobs, table, profile } = resolved;
  requireShared(jobs, 'tasks of Slurm');
  await profile.prepare?.(folder);
  const place = join(folder, 'slurm');
  makeFolder(join(place, 'logs'));
  const release = lockRun(place, 'the submission of jobs');
  try {
    const queue = queueOf(folder);
    const done = settledJobs(resolved);
    const doubts = await checkDoneJobs(resolved, done);
    const missing = missingFor(jobs, ({ key }) => done.has(key), { thorough: true });
    const list = storeJobs(jobs, folder);
    const before = new Set<string>(); // arrays of earlier stages
    const arrays: { id: string; stage: string; tasks: number }[] = [];
    for (const stage of stages) {
      const ofStage = jobs.filter((job) => job.stage === stage);
      const open = ofStage.filter(({ key }) => !queue.has(key) && !missing.has(key) && !done.has(key));
      const tasks = cut(
        open.map(({ key }) => key),
        jobsPerTask(resources, stage),
      );
      const own = ofStage.flatMap(({ key }) => queue.get(key)?.array ?? []);
      if (tasks.length > 0) {
        const name = `tripletlab-${contentKey([tasks, Date.now(), process.pid])}`;
        storeArray({ format: 1, name, table: table.name, stage, list, tasks }, folder);
        const id = submit(name, folder, [
          ...sbatchOptions(resources, stage, tasks.length),
          ...(before.size > 0 ? [`--dependency=afterany:${[...before].join(':')}`] : []),
        ]);
        arrays.push({ id, stage, tasks: tasks.length });
        own.push(id);
      }
      for (const id of own) before.add(id);
    }
    return { arrays, queued: jobs.filter(({ key }) => queue.has(key)).length, missing, doubts };
  } finally {
    release();
  }
}

/** Divides a list into consecutive parts of at most this length. */
function cut<One>(all: readonly One[], most: number): One[][] {
  return Array.from({ length: Math.ceil(all.length / most) }, (_, i) => all.slice(i * most, (i + 1) * most));
}

/** Submits an array. Its script becomes the task's process, which so receives Slurm's warning. */
function submit(name: string, folder: string, options: readonly string[]): string {
  const task = ['experiments', 'task', arrayFile(name, folder), ...importArguments()];
  const command = [process.execPath, launcher(), ...task].map(quoted).join(' ');
  const args = [
    '--parsable',
    `--job-name=${name}`,
    '--requeue',
    '--open-mode=append',
    `--output=${join(folder, 'slurm', 'logs', `${name}-%a.log`)}`,
    ...options,
  ];
  return slurm('sbatch', args, `#!/bin/sh\nexec ${command}\n`).trim().split(';')[0];
}
