import { alignColumns } from '../../experiments/align-columns.js';
import { runsOf } from '../../experiments/describe-table.js';
import { loadTable, profiles, tables } from '../../experiments/index.js';

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
