import type { Command } from 'commander';
import { loadConfigurationArguments } from '../configuration/index.js';
import { makeDataset, subsets } from '../datasets/index.js';

/** A field of CSV. */
const field = (text: string): string => (/[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text);

/** `tripletlab data items CONFIG [key=value ...]`: the order in which embeddings of all items stand. */
export function registerItems(data: Command): void {
  data
    .command('items')
    .description('CSV of the items of a data set, in the order of the rows of embeddings, with their pictures')
    .argument('<arguments...>', 'configuration file, and key=value overrides')
    .action((args: string[]) => {
      const { items, classNames, firstClass, instances } = makeDataset(loadConfigurationArguments(args).dataset);
      const members = subsets.map((subset) => [subset, new Set(instances[subset])] as const);
      const rows = items.map((item) => [
        String(item.index),
        members.flatMap(([subset, own]) => (own.has(item.index) ? subset : [])).join(' '),
        classNames[item.class - firstClass] ?? String(item.class),
        item.file ?? '',
      ]);
      const lines = [['item', 'subsets', 'class', 'file'], ...rows].map((row) => row.map(field).join(','));
      process.stdout.write(`${lines.join('\n')}\n`);
    });
}
