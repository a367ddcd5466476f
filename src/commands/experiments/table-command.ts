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

/** The profile of commands that only look, or that do no work of their own. */
const LOOKED_AT = 'paper';

/**
 * Makes a subcommand that takes a table and its folder.
 *
 * @param profile what it takes where none is named; null: it must be named, since it starts hours of work
 */
export function tableCommand(
  program: Command,
  name: string,
  description: string,
  profile: string | null = LOOKED_AT,
): Command {
  return program
    .command(name)
    .description(description)
    .argument('<table>', 'as table-teachers, or teachers; `experiments list` names all')
    .addOption(
      new Option('--profile <name>', 'how much of it, at what length')
        .choices(Object.keys(profiles))
        .default(profile ?? undefined),
    )
    .option('--out <folder>', 'where all runs lie, those of all tables', EXPERIMENTS_FOLDER)
    .option(
      '--rows <names>',
      'rows of the table, also parts of your own, as in rkd,my_loss (default: all of the paper)',
    )
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
