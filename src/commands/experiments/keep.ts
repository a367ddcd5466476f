import type { Command } from 'commander';
import { keepTable } from '../../experiments/index.js';
import { resolved, tableCommand, type TableOptions } from './table-command.js';

/** Registers `experiments keep TABLE`. */
export function registerKeep(program: Command): void {
  tableCommand(
    program,
    'keep',
    'copy the records of what is done, without weights, to where they count as done for all',
  ).action((table: string, options: TableOptions) => {
    const { added, folder } = keepTable(resolved(table, options));
    process.stdout.write(`${added} ${added === 1 ? 'job' : 'jobs'} added to ${folder}\n`);
  });
}
