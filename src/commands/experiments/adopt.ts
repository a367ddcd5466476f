import type { Command } from 'commander';
import { importRuns } from '../../experiments/index.js';
import { resolved, tableCommand, type TableOptions } from './table-command.js';

interface AdoptOptions extends TableOptions {
  readonly by: string;
}

/** Registers `experiments adopt TABLE FOLDER [RUN ...]`. */
export function registerAdopt(program: Command): void {
  tableCommand(program, 'adopt', 'take runs that were trained elsewhere, such as by the original code, into a table')
    .argument('<folder>', 'holds run-NNNN/checkpoint-best.pth, and event files in run-NNNN/training and validation')
    .argument('[runs...]', 'as run-0601 (default: all of the table that the folder has)')
    .option('--by <words>', 'what trained them, for records and tables', 'PyTorch')
    .action(async (table: string, folder: string, runs: string[], { by, ...options }: AdoptOptions) => {
      const wanted = runs.length > 0 ? { runs, trainedBy: by } : { trainedBy: by };
      for (const { name, outcome, record } of await importRuns(resolved(table, options), folder, wanted)) {
        const { best, epochs } = record;
        const known = best === null ? 'its evaluation is to be run' : `${best.metric} ${best.value.toFixed(4)}`;
        const curves = epochs.length > 0 ? `, ${epochs.length} epochs of event files` : '';
        process.stdout.write(`${name}: ${outcome === 'there' ? 'there already' : `adopted, ${known}${curves}`}\n`);
      }
    });
}
