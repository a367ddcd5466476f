import { alignColumns } from '../../experiments/align-columns.js';
import { loadTable, profiles, tables, type ResolvedTable } from '../../experiments/index.js';
import { stages, type Job } from '../../experiments/jobs/job.js';
import { describeMissing, missingFor } from '../../experiments/jobs/missing.js';
import { isDone } from '../../experiments/jobs/result.js';

const runsOf = (jobs: readonly Job[], stage: Job['stage']): number =>
  jobs.reduce((sum, job) => sum + (job.kind === 'training' && job.stage === stage ? job.runs.length : 0), 0);

const teachersIn = (count: number): string => (count === 1 ? '1 teacher' : `${count} teachers`);

/** `experiments list`. */
export function listTables(): void {
  const rows = tables.map(({ name, title }) => {
    const { jobs } = loadTable(name);
    return [name, String(runsOf(jobs, 'teachers')), String(runsOf(jobs, 'networks')), title];
  });
  const about = Object.values(profiles).map(({ name, description }) => [`--profile ${name}`, description]);
  process.stdout.write(
    `${alignColumns([['table', 'teachers', 'networks', 'runs of profile paper; shared ones count for each table'], ...rows])}\n\n${alignColumns(about)}\n`,
  );
}

/** `experiments show TABLE`. */
export function showTable({ table, profile, folder, jobs, rows, notes }: ResolvedTable): string {
  const counts = stages.flatMap((stage) => {
    const ofStage = jobs.filter((job) => job.stage === stage);
    const runs = runsOf(jobs, stage);
    return ofStage.length === 0 ? [] : [[stage, `${ofStage.length} jobs`, runs > 0 ? `${runs} runs` : '']];
  });
  const lines = rows.map(({ row, teachers, networks }) => [
    row.data,
    row.name,
    row.kind === 'networks' ? row.training.configuration : row.embeddings[0].teachers.configuration,
    networks.length > 0 ? `${networks.length} x ${networks[0].training.label.replace(/^\S+ /, '')} ...` : '',
    row.embeddings.length > 0
      ? `${row.embeddings[0].id}: ${teachersIn(teachers[0].ensemble.runs.length)}${teachers.length > 1 ? ` of each of ${teachers.length} splits` : ''}`
      : '',
  ]);
  const done = jobs.filter((job) => isDone(job, folder)).length;
  const missing = missingFor(jobs, (job) => isDone(job, folder), { thorough: false });
  return [
    `${table.name}, profile ${profile.name}: ${table.title}`,
    ...notes.map((note) => `differs from the original: ${note}`),
    ...table.mended.map((note) => `mended: ${note}`),
    '',
    alignColumns(counts),
    '',
    alignColumns([['data', table.varied, 'configuration', 'networks', 'teachers'], ...lines]),
    '',
    `${done} of ${jobs.length} jobs are done in ${folder}`,
    ...describeMissing(missing),
  ].join('\n');
}
