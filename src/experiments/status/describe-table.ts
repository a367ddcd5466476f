import { alignColumns } from './align-columns.js';
import { stages, type Job } from '../jobs/job.js';
import { describePower } from './describe-power.js';
import { settledJobs } from '../jobs/kept-records.js';
import { describeMissing, missingFor } from '../jobs/missing-inputs.js';
import type { ResolvedTable } from '../jobs/resolve-table.js';

/** Counts the runs of the jobs of a stage. */
export const runsOf = (jobs: readonly Job[], stage: Job['stage']): number =>
  jobs.reduce((sum, job) => sum + (job.kind === 'training' && job.stage === stage ? job.runs.length : 0), 0);

const counted = (n: number, what: string): string => `${n} ${what}${n === 1 ? '' : 's'}`;

/**
 * Describes a table in lines: stages with their jobs, rows with their configurations, differences from the original.
 */
export function describeTable(resolved: ResolvedTable): string {
  const { table, profile, folder, jobs, rows, notes } = resolved;
  const counts = stages.flatMap((stage) => {
    const ofStage = jobs.filter((job) => job.stage === stage);
    const runs = runsOf(jobs, stage);
    return ofStage.length === 0 ? [] : [[stage, counted(ofStage.length, 'job'), runs > 0 ? counted(runs, 'run') : '']];
  });
  const lines = rows.map(({ row, teachers, networks }) => [
    row.data,
    row.name,
    row.kind === 'networks' ? row.training.configuration : row.embeddings[0].teachers.configuration,
    networks.length > 0 ? `${networks.length} x ${networks[0].training.label.replace(/^\S+ /, '')} ...` : '',
    row.embeddings.length > 0
      ? `${row.embeddings[0].id}: ${counted(teachers[0].ensemble.runs.length, 'teacher')}${teachers.length > 1 ? ` of each of ${teachers.length} splits` : ''}`
      : '',
  ]);
  const done = settledJobs(resolved);
  const missing = missingFor(jobs, ({ key }) => done.has(key), { thorough: false });
  return [
    `${table.name}, profile ${profile.name}: ${table.title}`,
    ...notes.map((note) => `differs from the original: ${note}`),
    ...table.corrections.map((note) => `corrected: ${note}`),
    '',
    alignColumns(counts),
    '',
    alignColumns([['data', table.varied, 'configuration', 'networks', 'teachers'], ...lines]),
    '',
    ...describePower(resolved).flatMap((line, at, all) => (at === all.length - 1 ? [line, ''] : [line])),
    `${done.size} of ${jobs.length} jobs are done in ${folder}`,
    ...describeMissing(missing),
  ].join('\n');
}
