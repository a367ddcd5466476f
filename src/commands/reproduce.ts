import type { Command } from 'commander';
import { formatResults, loadPlan, reproduce } from '../experiments/index.js';
import { ProgressBar } from '../training/index.js';
import { interruptible } from './interruptible.js';
import { logToStderr } from './log.js';

interface PlanOptions {
  readonly name?: string;
  readonly out?: string;
}

/** Registers `tripletlab reproduce PLAN [key=value ...]`. */
export function registerReproduce(program: Command): void {
  program
    .command('reproduce')
    .description('carry out a plan: teachers, their embeddings, students, evaluation; goes on where it was stopped')
    .argument('<plan>', 'YAML file, such as configurations/plans/synthetic.yaml')
    .argument('[overrides...]', 'key=value for all trainings, as in optimization.num_training_epochs=2')
    .option('--name <name>', "what to call it in results; the folder is then modeling/NAME (default: the plan's name)")
    .option('--out <folder>', 'of runs, embeddings and results (default: modeling/NAME)')
    .action(async (file: string, overrides: string[], { name, out }: PlanOptions) => {
      const plan = loadPlan(file, overrides, {
        ...(name !== undefined && { name }),
        ...(out !== undefined && { folder: out }),
      });
      const said = new Set<string>();
      const log = (line: string): void => {
        said.add(line);
        logToStderr(line);
      };
      const { signal, release } = interruptible();
      const bar = new ProgressBar();
      try {
        const results = await reproduce(plan, {
          signal,
          log,
          onStage: (stage) => {
            bar.stop();
            logToStderr(stage);
          },
          onUpdate: (update) => {
            bar.show(update);
          },
        });
        bar.stop();
        for (const note of results.notes) if (!said.has(note)) logToStderr(note);
        process.stdout.write(`${formatResults(results)}\n`);
      } finally {
        bar.stop();
        release();
      }
    });
}
