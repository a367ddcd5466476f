import type { Command } from 'commander';
import { describeJobs, describeTable } from '../experiments/index.js';
import { registerAdopt } from './experiments/adopt.js';
import { registerCollect } from './experiments/collect.js';
import { registerFindings } from './experiments/findings.js';
import { registerKeep } from './experiments/keep.js';
import { registerWorkerCommands } from './experiments/worker-commands.js';
import { registerRun } from './experiments/run.js';
import { listTables } from './experiments/list.js';
import { registerStatus } from './experiments/status.js';
import { resolved, tableCommand, type TableOptions } from './experiments/table-command.js';

/** Registers `tripletlab experiments list | show | run | status | cancel | collect | keep | findings | adopt`. */
export function registerExperiments(program: Command): void {
  const experiments = program.command('experiments').description("the paper's experiments, a table at a time");
  experiments.command('list').description('the tables and their runs').action(listTables);
  tableCommand(experiments, 'show', 'which runs make a table, in which order, and what differs from the original')
    .option('--jobs', 'every job in its order, with its key')
    .action((table: string, { jobs, ...options }: TableOptions & { readonly jobs?: true }) => {
      process.stdout.write(`${(jobs ? describeJobs : describeTable)(resolved(table, options))}\n`);
    });
  registerRun(experiments);
  registerStatus(experiments);
  registerCollect(experiments);
  registerKeep(experiments);
  registerFindings(experiments);
  registerAdopt(experiments);
  registerWorkerCommands(experiments);
}
