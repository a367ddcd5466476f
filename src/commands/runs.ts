import type { Command } from 'commander';
import { exportRun } from '../evaluation/index.js';
import { displayRun, findRun, readRunRecord, RUNS_ROOT } from '../training/index.js';
import { runDifferences } from './runs/diff.js';
import { listRuns } from './runs/list.js';
import { describeRun } from './runs/show.js';

interface FolderOption {
  readonly in: string;
}

interface ExportRunOptions extends FolderOption {
  readonly to: string;
  readonly out?: string;
}

const RUN = 'its folder, or its number as in 111 or run-0111';

/** Registers `tripletlab runs list | show RUN | diff A B | export RUN`. */
export function registerRuns(program: Command): void {
  const runs = program.command('runs').description('what was trained: a table of runs, one run, two compared');
  const subcommand = (name: string, description: string): Command =>
    runs.command(name).description(description).option('--in <folder>', 'the folder below which runs lie', RUNS_ROOT);
  const read = (run: string, root: string) => {
    const folder = findRun(run, root);
    return { folder, record: readRunRecord(folder) };
  };
  subcommand('list', 'a row for each run: number, data, network, loss, epochs, best, when, state').action(
    ({ in: root }: FolderOption) => {
      process.stdout.write(`${listRuns(root)}\n`);
    },
  );
  subcommand('show', 'the record of a run as a page')
    .argument('<run>', RUN)
    .action((run: string, { in: root }: FolderOption) => {
      const { folder, record } = read(run, root);
      process.stdout.write(`${describeRun(record, displayRun(folder))}\n`);
    });
  subcommand('diff', 'the settings and results in which two runs differ')
    .argument('<first>', RUN)
    .argument('<second>', RUN)
    .action((first: string, second: string, { in: root }: FolderOption) => {
      process.stdout.write(`${runDifferences(read(first, root), read(second, root))}\n`);
    });
  subcommand('export', 'write the record, the configuration and the best weights of a run into one folder')
    .argument('<run>', RUN)
    .option('--to <format>', 'of the weights: safetensors, or pth for torch.load', 'safetensors')
    .option('--out <folder>', "where to (default: the run's name with -export)")
    .action(async (run: string, { in: root, to, out }: ExportRunOptions) => {
      const { folder, file, tensors } = await exportRun(findRun(run, root), { to, ...(out !== undefined && { out }) });
      process.stdout.write(`${displayRun(folder)}: run.json, configuration.yaml, ${displayRun(file)} of ${tensors} tensors\n`); // prettier-ignore
    });
}
