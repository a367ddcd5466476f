import type { Command } from 'commander';
import { dirname } from 'node:path';
import { UsageError } from '../../errors.js';
import { loadJobs } from '../../experiments/jobs/job-list.js';
import { runWorker } from '../../experiments/runners/local/run-worker.js';
import { runTask } from '../../experiments/runners/slurm/task.js';
import { logToStderr } from '../log.js';

/** Registers the commands by which `experiments run` starts other processes; they are not for users. */
export function registerWorkerCommands(program: Command): void {
  program
    .command('work', { hidden: true })
    .argument('<list>')
    .requiredOption('--since <milliseconds>')
    .action(async (list: string, { since }: { since: string }) => {
      const controller = new AbortController();
      const stop = (): void => void controller.abort();
      process.on('SIGTERM', stop).on('SIGINT', stop).on('disconnect', stop); // disconnect: the parent process is gone
      const { interrupted } = await runWorker(loadJobs(list), dirname(dirname(list)), {
        since: Number(since),
        signal: controller.signal,
        log: logToStderr,
        onJob: ({ label }) => {
          logToStderr(label);
        },
        onEnd: ({ label }, failure) => {
          if (failure !== undefined) logToStderr(`${label} failed: ${failure}`);
        },
      });
      if (process.connected) process.disconnect();
      if (interrupted) process.exitCode = 130;
    });
  program
    .command('task', { hidden: true })
    .argument('<array>')
    .action(async (file: string) => {
      const number = process.env['SLURM_ARRAY_TASK_ID'];
      if (number === undefined || !/^\d+$/.test(number))
        throw new UsageError('missing SLURM_ARRAY_TASK_ID; this command is for Slurm alone');
      process.exitCode = await runTask(file, Number(number), logToStderr);
    });
}
