import { Option, type Command } from 'commander';
import { collectTable, loadPublished, tableFormats, writeTable } from '../../experiments/index.js';
import { resolved, tableCommand, type TableOptions } from '../experiments.js';

interface CollectOptions extends TableOptions {
  readonly format: keyof typeof tableFormats;
  readonly published?: string;
  readonly to?: string;
}

/** `experiments collect TABLE`. */
export function registerCollect(program: Command): void {
  tableCommand(program, 'collect', 'the numbers of a table so far, from the records of its runs')
    .addOption(
      new Option('--format <form>', 'of what is printed').choices(Object.keys(tableFormats)).default('markdown'),
    )
    .option(
      '--published <file>',
      'YAML of values to show beside: table, then row, as in {table-teachers: {"things, ste": 0.5}}',
    ) // prettier-ignore
    .option('--to <folder>', 'also write all forms there')
    .action((table: string, { format, published, to, ...options }: CollectOptions) => {
      const collected = collectTable(resolved(table, options), published === undefined ? {} : loadPublished(published));
      process.stdout.write(tableFormats[format](collected));
      if (to !== undefined) for (const file of writeTable(collected, to)) process.stderr.write(`${file}\n`);
    });
}
