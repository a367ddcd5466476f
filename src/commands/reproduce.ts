import type { Command } from 'commander';
import { formatResults, loadPlan, reproduce } from '../experiments/index.js';
import { ProgressBar } from '../training/index.js';
import { interruptible } from './interruptible.js';
import { logToStderr } from './log.js';

/** Registers `tripletlab reproduce PLAN [key=value ...]`. */
export function registerReproduce(program: Command): void {
  program
    .command('reproduce')
    .description('carry out a plan: teachers, their embeddings, students, evaluation; goes on where it was stopped')
    .argument('<plan>', 'YAML file, such as configurations/plans/synthetic.yaml')
    .argument('[overrides...]', 'key=value for all trainings, as in optimization.num_training_epochs=2')
    .action(async (file: string, overrides: string[]) => {
      const plan = loadPlan(file, overrides);
      const { signal, release } = interruptible();
      const bar = new ProgressBar();
      try {
        const results = await reproduce(plan, {
          signal,
          log: logToStderr,
          onStage: (stage) => {
            bar.stop();
            logToStderr(stage);
          },
          onUpdate: (update) => {
            bar.show(update);
          },
        });
        bar.stop();
        for (const note of results.notes) logToStderr(note);
        process.stdout.write(`${formatResults(results)}\n`);
      } finally {
        bar.stop();
        release();
      }
    });
}
