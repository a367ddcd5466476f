import { duration } from '../../training/index.js';
import { alignColumns } from './align-columns.js';
import { stages } from '../jobs/job.js';
import { jobStates, type JobState, type JobStatus, type TableStatus } from './status.js';

/** Most jobs of a state that are listed, the others are counted; failures are all listed. */
const MOST_LISTED = 12;

/** Names a table and its profile, and says how many of its jobs are done and how long the others take. */
export function statusHeadline({ table, profile, jobs, left, atLeast, kept }: TableStatus): string {
  const done = jobs.filter(({ state }) => state === 'done').length;
  const known = left === null ? 'time left not known yet' : `${atLeast ? 'at least ' : ''}${duration(left)} left`;
  const open = jobs.some(({ state }) => state !== 'done' && state !== 'missing');
  const time = done === jobs.length ? 'done' : open ? known : 'the others cannot be done here';
  return `${table}, profile ${profile}: ${done} of ${jobs.length} jobs done${kept > 0 ? ` (${kept} by kept records)` : ''}, ${time}`;
}

/** Formats a table's status: counts by stage, then the jobs that run, are queued, failed or cannot be done. */
export function formatStatus(status: TableStatus): string {
  const { jobs, counts, trouble } = status;
  const shown = jobStates.filter((state) => state === 'done' || jobs.some((one) => one.state === state));
  const rows = stages
    .filter((stage) => jobs.some(({ job }) => job.stage === stage))
    .map((stage) => [stage, ...shown.map((state) => String(counts[stage][state]))]);
  const sums = shown.map((state) => String(jobs.filter((one) => one.state === state).length));
  return [
    statusHeadline(status),
    alignColumns([['stage', ...shown], ...rows, ['all', ...sums]]),
    ...(['running', 'queued', 'failed'] as const).flatMap((state) => listed(jobs, state)),
    ...missingLines(jobs),
    ...(trouble === null ? [] : [`\n${trouble}`]),
  ].join('\n');
}

/** Ranks running tasks before waiting ones. */
const rank = ({ queued }: JobStatus): number => (queued?.state === 'PENDING' ? 1 : 0);

function listed(jobs: readonly JobStatus[], wanted: JobState): string[] {
  const found = jobs.filter(({ state }) => state === wanted).sort((a, b) => rank(a) - rank(b));
  if (found.length === 0) return [];
  const lines = found
    .slice(0, wanted === 'failed' ? undefined : MOST_LISTED)
    .map(({ job, remark, seconds, queued }) => [
      wanted,
      job.label,
      ...(queued ? [`Slurm ${queued.id}${queued.node && ` on ${queued.node}`}`] : []),
      ...(remark ? [remark] : []),
      ...(wanted === 'running' && seconds !== null ? [`${duration(seconds)} left`] : []),
    ]);
  const more = found.length - lines.length;
  return ['', alignColumns(lines), ...(more > 0 ? [`${wanted}: ${more} more`] : [])];
}

function missingLines(jobs: readonly JobStatus[]): string[] {
  const counts = new Map<string, number>();
  for (const { state, remark } of jobs) if (state === 'missing') counts.set(remark, (counts.get(remark) ?? 0) + 1);
  return [...counts].map(([reason, n]) => `\n${n} ${n === 1 ? 'job' : 'jobs'} cannot be done here: ${reason}`);
}
