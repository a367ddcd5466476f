import type { Command } from 'commander';
import { loadConfigurationArguments } from '../configuration/index.js';
import { makeDataset, subsets } from '../datasets/index.js';
import { csv } from '../experiments/collect/formats.js';

/**
 * Registers `tripletlab data items CONFIG [key=value ...]`, which prints the order of the items in files of embeddings.
 */
export function registerItems(data: Command): void {
  data
    .command('items')
    .description('CSV of the items of a data set, in the order of the rows of embeddings, with their pictures')
    .argument('<arguments...>', 'configuration file, and key=value overrides')
    .action((args: string[]) => {
      const { items, classNames, firstClass, instances } = makeDataset(loadConfigurationArguments(args).dataset);
      const members = subsets.map((subset) => [subset, new Set(instances[subset])] as const);
      const rows = items.map((item) => ({
        item: item.index,
        subsets: members.flatMap(([subset, own]) => (own.has(item.index) ? subset : [])).join(' '),
        class: classNames[item.class - firstClass] ?? String(item.class),
        file: item.file,
      }));
      process.stdout.write(csv(rows));
    });
}
