import type { Command } from 'commander';
import { exportWeights } from '../evaluation/index.js';
import { findRun, isRunNumber } from '../training/index.js';

/** Registers `tripletlab export RUN --to pth|safetensors [--out FILE]`. */
export function registerExport(program: Command): void {
  program
    .command('export')
    .description("write a run's best network for PyTorch, under the original's names")
    .argument('<run>', 'folder of the run, such as modeling/runs/run-0601, or its number')
    .requiredOption('--to <format>', 'pth (for torch.load, also with weights_only=True) or safetensors')
    .option('--out <file>', "where to (default: the run's name in the working directory)")
    .action(async (run: string, { to, out }: { to: string; out?: string }) => {
      const { file, tensors } = await exportWeights(isRunNumber(run) ? findRun(run) : run, {
        to,
        ...(out !== undefined && { out }),
      });
      process.stdout.write(`${file}: ${tensors} tensors\n`);
    });
}
