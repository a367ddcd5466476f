import type { Command } from 'commander';
import { setTimeout as sleep } from 'node:timers/promises';
import { UsageError } from '../../errors.js';
import { formatStatus, tableStatus } from '../../experiments/index.js';
import { queueOf, slurm } from '../../experiments/runners/slurm/queue.js';
import { resolved, tableCommand, type TableOptions } from './table-command.js';
import { interruptible } from '../interruptible.js';

interface StatusOptions extends TableOptions {
  readonly watch?: number | true;
}

const EVERY = 5; // seconds
/** Clears the screen and moves to its upper left corner, where the output is a terminal. */
const CLEAR = '\u001b[2J\u001b[H';

function seconds(text: string): number {
  const value = Number(text);
  if (value > 0 && value < 1e6) return value;
  throw new UsageError(`invalid --watch: ${text}; seconds between two looks`);
}

/** Registers `experiments status TABLE` and `experiments cancel TABLE`. */
export function registerStatus(program: Command): void {
  tableCommand(program, 'status', 'what of a table is done, running, failed and why, and the time left')
    .option('--watch [seconds]', `draw it again until all is done (default: every ${EVERY} seconds)`, seconds)
    .action(async (table: string, options: StatusOptions) => {
      const plan = resolved(table, options);
      const { watch } = options;
      const { signal, release } = interruptible();
      try {
        for (;;) {
          const status = tableStatus(plan);
          process.stdout.write(`${watch !== undefined && process.stdout.isTTY ? CLEAR : ''}${formatStatus(status)}\n`);
          const open = status.jobs.some(
            ({ state }) => state === 'running' || state === 'queued' || state === 'waiting',
          );
          if (watch === undefined || !open || signal.aborted) return;
          await sleep(1000 * (watch === true ? EVERY : watch), undefined, { signal }).catch(() => undefined);
          if (signal.aborted) return;
        }
      } finally {
        release();
      }
    });
  tableCommand(program, 'cancel', "take a table's tasks out of Slurm's queue; what runs checkpoints and ends").action(
    (table: string, options: TableOptions) => {
      const { folder, jobs } = resolved(table, options);
      const queue = queueOf(folder);
      const ids = [...new Set(jobs.flatMap(({ key }) => queue.get(key)?.id ?? []))];
      if (ids.length > 0) slurm('scancel', ids);
      process.stdout.write(`${ids.length} ${ids.length === 1 ? 'task' : 'tasks'} cancelled\n`);
    },
  );
}
