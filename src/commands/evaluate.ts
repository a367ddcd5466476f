import type { Command } from 'commander';
import { loadConfigurationArguments } from '../configuration/index.js';
import { evaluate } from '../evaluation/index.js';

/** `tripletlab evaluate CONFIG model_uri=... [subset_name=test] [key=value ...]`. */
export function registerEvaluate(program: Command): void {
  program
    .command('evaluate')
    .description('fraction of correct triplets of a trained model')
    .argument('<arguments...>', 'configuration file, model_uri=NAME,key:value/path and other key=value overrides')
    .action((args: string[]) => {
      const { metric, value, subset, count, notes } = evaluate(loadConfigurationArguments(args));
      for (const note of notes) process.stderr.write(`${note}\n`);
      process.stdout.write(`${metric}: ${value.toFixed(4)} (${count} ${subset} triplets)\n`);
    });
}
