import { UsageError } from '../../errors.js';
import { attemptsOf, atWork } from '../jobs/attempts.js';
import { stages, type Job, type Stage } from '../jobs/job.js';
import { missingFor } from '../jobs/missing-inputs.js';
import { settledJobs } from '../jobs/kept-records.js';
import { isDone, recordOf, resultOf } from '../jobs/result.js';
import type { ResolvedTable } from '../jobs/resolve-table.js';
import { queueOf, type QueuedTask } from '../runners/slurm/queue.js';

/**
 * `queued`: with a scheduler; `missing`: no data or weights here; `waiting`: for a process, or for jobs that it needs.
 */
export const jobStates = ['done', 'running', 'queued', 'failed', 'waiting', 'missing'] as const;
export type JobState = (typeof jobStates)[number];

export interface JobStatus {
  readonly job: Job;
  readonly state: JobState;
  /** Why it failed or cannot be done, or how far it is. */
  readonly remark: string;
  /** Seconds that it took or still takes; null where that is not known yet. */
  readonly seconds: number | null;
  readonly queued: QueuedTask | undefined;
}

export interface TableStatus {
  readonly table: string;
  readonly profile: string;
  readonly jobs: readonly JobStatus[];
  readonly counts: Readonly<Record<Stage, Readonly<Record<JobState, number>>>>;
  /** Seconds until all possible jobs are done with the present number of processes; null where nothing is known yet. */
  readonly left: number | null;
  /** Are there kinds of jobs whose time is not known yet? Then `left` is a lower bound. */
  readonly atLeast: boolean;
  /** The number of jobs that count as done only by kept records. */
  readonly kept: number;
  /** Why Slurm could not be asked, where jobs were submitted to it; else null. */
  readonly trouble: string | null;
}

/** Returns the status of a table, from the files on disk and, where Slurm is used, from its queue. */
export function tableStatus(resolved: ResolvedTable): TableStatus {
  const { table, profile, folder, jobs, kept } = resolved;
  const done = settledJobs(resolved);
  const here = new Set(jobs.filter((job) => isDone(job, folder)).map(({ key }) => key));
  const placeOf = ({ key }: Job): string => (here.has(key) ? folder : (kept ?? folder));
  const missing = missingFor(jobs, ({ key }) => done.has(key), { thorough: false });
  const { queue, trouble } = askQueue(folder);
  const usual = usualSeconds(
    jobs.filter(({ key }) => done.has(key)),
    placeOf,
  );
  const all = jobs.map((job): JobStatus => {
    const queued = queue.get(job.key);
    const found = stateOf(job, folder, { done, missing, queued });
    const seconds = found.state === 'done' ? secondsOf(job, placeOf(job)) : secondsLeft(job, folder, usual);
    return { job, ...found, seconds, queued };
  });
  const none = Object.fromEntries(jobStates.map((state) => [state, 0])) as Record<JobState, number>;
  const counts = Object.fromEntries(stages.map((stage) => [stage, { ...none }])) as TableStatus['counts'];
  for (const { job, state } of all) (counts[job.stage] as Record<JobState, number>)[state]++;
  const keptAlone = [...done].filter((key) => !here.has(key)).length;
  return { table: table.name, profile: profile.name, jobs: all, counts, ...leftOf(all), kept: keptAlone, trouble };
}

function askQueue(folder: string): { queue: ReturnType<typeof queueOf>; trouble: string | null } {
  try {
    return { queue: queueOf(folder), trouble: null };
  } catch (error) {
    if (error instanceof UsageError) return { queue: new Map(), trouble: error.message };
    throw error;
  }
}

interface Known {
  readonly done: ReadonlySet<string>;
  readonly missing: ReadonlyMap<string, string>;
  readonly queued: QueuedTask | undefined;
}

function stateOf(job: Job, folder: string, { done, missing, queued }: Known): { state: JobState; remark: string } {
  if (done.has(job.key)) return { state: 'done', remark: '' };
  if (atWork(job, folder)) return { state: 'running', remark: epochsOf(job, folder) };
  if (queued?.state === 'RUNNING') return { state: 'queued', remark: 'its task runs' };
  if (queued !== undefined) return { state: 'queued', remark: queued.reason };
  const reason = missing.get(job.key);
  if (reason !== undefined) return { state: 'missing', remark: reason };
  const last = attemptsOf(job.key, folder).at(-1);
  if (last?.end === 'failed') return { state: 'failed', remark: last.reason ?? '' };
  if (last?.end === 'going') return { state: 'failed', remark: `its process on ${last.host} was killed` };
  return { state: 'waiting', remark: last?.end === 'interrupted' ? 'interrupted, goes on' : '' };
}

function epochsOf(job: Job, folder: string): string {
  const record = job.kind === 'training' ? recordOf(job.runs[0], folder) : undefined;
  if (record === undefined) return '';
  return `epoch ${record.epochs.length} of ${record.configuration.optimization.num_training_epochs}`;
}

/** Returns the seconds that a finished job took; teachers that trained together are one job. */
function secondsOf(job: Job, folder: string): number {
  if (job.kind !== 'training') return resultOf(job, folder)?.seconds ?? 0;
  return Math.max(...job.runs.map((run) => recordOf(run, folder)?.seconds ?? 0));
}

/** Was it trained elsewhere, on an unknown machine? */
function isImported(job: Job, folder: string): boolean {
  return job.kind === 'training' && recordOf(job.runs[0], folder)?.machine['processor'] === undefined;
}

/** Returns the mean seconds of finished jobs of the same kind or, if there are none, of the same stage. */
function usualSeconds(finished: readonly Job[], placeOf: (job: Job) => string): (job: Job) => number | null {
  const sums = new Map<string, { sum: number; n: number }>();
  for (const job of finished.filter((one) => !isImported(one, placeOf(one))))
    for (const name of [job.costClass, job.stage]) {
      const { sum, n } = sums.get(name) ?? { sum: 0, n: 0 };
      sums.set(name, { sum: sum + secondsOf(job, placeOf(job)), n: n + 1 });
    }
  return ({ costClass, stage }) => {
    const found = sums.get(costClass) ?? sums.get(stage);
    return found === undefined ? null : found.sum / found.n;
  };
}

function secondsLeft(job: Job, folder: string, usual: (job: Job) => number | null): number | null {
  const record = job.kind === 'training' ? recordOf(job.runs[0], folder) : undefined;
  const behind = record?.epochs.length ?? 0;
  if (record === undefined || behind === 0) return usual(job);
  return (record.seconds / behind) * (record.configuration.optimization.num_training_epochs - behind);
}

function leftOf(all: readonly JobStatus[]): Pick<TableStatus, 'left' | 'atLeast'> {
  const open = all.filter(({ state }) => state !== 'done' && state !== 'missing');
  const known = open.filter(({ seconds }) => seconds !== null);
  if (known.length === 0) return { left: open.length === 0 ? 0 : null, atLeast: open.length > 0 };
  const running = known.filter(({ state }) => state === 'running');
  const sum = known.reduce((total, { seconds }) => total + seconds!, 0);
  const left = Math.max(sum / Math.max(1, running.length), ...running.map(({ seconds }) => seconds!));
  return { left, atLeast: known.length < open.length };
}
