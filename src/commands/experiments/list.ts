import { alignColumns } from '../../experiments/status/align-columns.js';
import { runsOf } from '../../experiments/status/describe-table.js';
import type { Job } from '../../experiments/jobs/job.js';
import { loadTable, profiles, tables } from '../../experiments/index.js';

/** Prints the tables: `experiments list`. */
export function listTables(): void {
  const all = new Map<string, Job>();
  const counts = (jobs: readonly Job[]) => [String(runsOf(jobs, 'teachers')), String(runsOf(jobs, 'networks'))];
  const rows = tables.map(({ name, title }) => {
    const { jobs } = loadTable(name);
    for (const job of jobs) all.set(job.key, job);
    return [name, ...counts(jobs), title];
  });
  const about = Object.values(profiles).map(({ name, description }) => [`--profile ${name}`, description]);
  process.stdout.write(
    `${alignColumns([['table', 'teachers', 'networks', 'runs of profile paper; shared ones count for each table'], ...rows, ['all tables', ...counts([...all.values()]), 'shared ones once']])}\n\n${alignColumns(about)}\n`,
  );
}
