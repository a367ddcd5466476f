import { Option, type Command } from 'commander';
import { EXPERIMENTS_FOLDER, loadTable, profiles, type ResolvedTable } from '../../experiments/index.js';

/** The options of all subcommands that take a table. */
export interface TableOptions {
  readonly profile: string;
  readonly out: string;
  readonly rows?: string;
  /** A folder, or false for none. */
  readonly kept?: string | false;
}

/** Makes a subcommand that takes a table and its folder. */
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
