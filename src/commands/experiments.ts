import { Option, type Command } from 'commander';
import {
  describeJobs,
  describeTable,
  EXPERIMENTS_FOLDER,
  loadTable,
  profiles,
  type ResolvedTable,
} from '../experiments/index.js';
import { registerAdopt } from './experiments/adopt.js';
import { registerCollect } from './experiments/collect.js';
import { registerFindings } from './experiments/findings.js';
import { registerKeep } from './experiments/keep.js';
import { registerHands } from './experiments/hands.js';
import { registerRun } from './experiments/run.js';
import { listTables } from './experiments/list.js';
import { registerStatus } from './experiments/status.js';

/** What all subcommands that take a table can be told. */
export interface TableOptions {
  readonly profile: string;
  readonly out: string;
  readonly rows?: string;
  /** A folder, or false for none. */
  readonly kept?: string | false;
}

/** A subcommand that takes a table and where it lies. */
export function tableCommand(program: Command, name: string, description: string): Command {
  return program
    .command(name)
    .description(description)
    .argument('<table>', 'as table-teachers, or teachers; `experiments list` names all')
    .addOption(
      new Option('--profile <name>', 'how much of it, at what length').choices(Object.keys(profiles)).default('paper'),
    )
    .option('--out <folder>', 'where all runs lie, those of all tables', EXPERIMENTS_FOLDER)
    .option('--rows <names>', 'rows of the table, as in rkd,stmr (default: all)')
    .option('--kept <folder>', 'records that count as done, too (default: those with the notebooks)')
    .option('--no-kept', 'nothing counts as done but what is in --out');
}

export const resolved = (table: string, { profile, out, rows, kept }: TableOptions): ResolvedTable =>
  loadTable(table, {
    profile,
    folder: out,
    ...(rows !== undefined && { rows: rows.split(',') }),
    ...(kept !== undefined && { kept }),
  });

/** `tripletlab experiments list | show | run | status | cancel | collect | keep | findings | adopt`. */
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
  registerHands(experiments);
}
