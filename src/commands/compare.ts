import type { Command } from 'commander';
import { UsageError } from '../errors.js';
import {
  compareAblation,
  describeAblation,
  EXPERIMENTS_FOLDER,
  watchAblation,
  formatAblation,
  loadAblation,
  parseSettingValues,
  runTable,
} from '../experiments/index.js';
import { ProgressBar } from '../training/index.js';
import { interruptible } from './interruptible.js';
import { logToStderr } from './log.js';

interface CompareOptions {
  readonly data: string;
  readonly train: string;
  readonly draws: number;
  readonly processes: number;
  readonly out: string;
}

function count(text: string): number {
  if (/^[1-9]\d{0,3}$/.test(text)) return Number(text);
  throw new UsageError(`invalid number: ${text}; a number from 1 to 9999`);
}

/** Registers `tripletlab compare KEY=VALUE,VALUE,... [key=value ...]`. */
export function registerCompare(program: Command): void {
  program
    .command('compare')
    .description('one setting at several values on the same draws of the data, in pairs; goes on where it was stopped')
    .argument('<setting>', 'KEY=VALUE,VALUE,... as in model.embedding_size=32,8,4; also teachers.KEY')
    .argument('[overrides...]', 'key=value for all values alike')
    .option('--data <name>', 'synthetic or yummly', 'synthetic')
    .option('--train <what>', 'what is compared: student or teachers', 'student')
    .option('--draws <n>', 'on how many draws each value is tried', count, 7)
    .option('--processes <n>', 'how many at once', count, 1)
    .option('--out <folder>', 'where all runs lie, those of tables too', EXPERIMENTS_FOLDER)
    .action(async (given: string, overrides: string[], options: CompareOptions) => {
      const { out, processes, ...wanted } = options;
      const ablation = loadAblation({ ...wanted, ...parseSettingValues(given), overrides, folder: out });
      logToStderr(describeAblation(ablation));
      const said = new Set<string>();
      const sayOnce = (line: string): void => {
        if (!said.has(line)) logToStderr(line);
        said.add(line);
      };
      const followed = watchAblation(ablation);
      const { signal, release } = interruptible();
      const bar = new ProgressBar();
      try {
        const { failed, missing } = await runTable(ablation, {
          processes,
          signal,
          log: sayOnce, // jobs repeat lines
          onUpdate: (update) => {
            bar.show(update);
          },
          onEnd: ({ label }, failure) => {
            bar.stop();
            followed.ended();
            logToStderr(`${label}: ${failure ?? 'done'}; ${followed.progress()}`);
          },
        });
        process.stdout.write(`${formatAblation(compareAblation(ablation))}\n`);
        if (failed.size > 0 || missing.size > 0) process.exitCode = 1;
      } finally {
        bar.stop();
        release();
      }
    });
}
