import { Option, type Command } from 'commander';
import { collectTable, loadPublished, tableFormats, tables, writeTable } from '../../experiments/index.js';
import { resolved, tableCommand, type TableOptions } from './table-command.js';

interface CollectOptions extends TableOptions {
  readonly format: keyof typeof tableFormats;
  readonly published?: string;
  readonly to?: string;
}

/** Registers `experiments collect TABLE`. */
export function registerCollect(program: Command): void {
  tableCommand(
    program,
    'collect',
    'the numbers of a table so far, from the records of its runs; of all that have any: all',
  )
    .addOption(
      new Option('--format <form>', 'of what is printed').choices(Object.keys(tableFormats)).default('markdown'),
    )
    .option(
      '--published <file>',
      'YAML of values to show beside: table, then row, as in {table-teachers: {"things, ste": 0.5}}',
    ) // prettier-ignore
    .option('--to <folder>', 'also write all forms there')
    .action((name: string, { format, published, to, ...options }: CollectOptions) => {
      const values = published === undefined ? {} : loadPublished(published);
      const names = name === 'all' ? tables.map((table) => table.name) : [name];
      const collected = names.map((one) => collectTable(resolved(one, options), values));
      for (const table of name === 'all' ? collected.filter(({ rows }) => rows.some(({ n }) => n > 0)) : collected) {
        process.stdout.write(tableFormats[format](table));
        if (to !== undefined) for (const file of writeTable(table, to)) process.stderr.write(`${file}\n`);
      }
    });
}
