import { Option, type Command } from 'commander';
import { UsageError } from '../../errors.js';
import {
  loadResources,
  loadTable,
  profiles,
  statusHeadline,
  noResources,
  runTable,
  submitTable,
  tableStatus,
  formatStatus,
  type ResolvedTable,
} from '../../experiments/index.js';
import { describeMissing } from '../../experiments/jobs/missing-inputs.js';
import { ProgressBar } from '../../training/index.js';
import { resolved, tableCommand, type TableOptions } from './table-command.js';
import { interruptible } from '../interruptible.js';
import { logToStderr } from '../log.js';

interface RunOptions extends Omit<TableOptions, 'profile'> {
  readonly profile?: string;
  readonly on: 'local' | 'slurm';
  readonly processes?: number;
  readonly resources?: string;
}

function count(text: string): number {
  if (/^[1-9]\d{0,3}$/.test(text)) return Number(text);
  throw new UsageError(`invalid --processes: ${text}; a number from 1 to 9999`);
}

/** Returns the profile that was asked for: nobody starts the weeks of the paper by leaving a word out. */
function neededProfile(name: string, profile: string | undefined): string {
  if (profile !== undefined) return profile;
  const { table } = loadTable(name);
  const words = Object.keys(profiles).join(', ');
  throw new UsageError(`missing --profile; one of ${words}: experiments list says what each is, and paper is ${table.name} as the paper has it`); // prettier-ignore
}

/** Registers `experiments run TABLE`. */
export function registerRun(program: Command): void {
  const description = 'do what of a table is not done; goes on where it was stopped, tries again what failed';
  tableCommand(program, 'run', description, null)
    .addOption(new Option('--on <where>', 'this machine, or a cluster').choices(['local', 'slurm']).default('local'))
    .option('--processes <n>', 'local: how many at once (default: one for each GPU, or one)', count)
    .option('--resources <file>', 'slurm: what tasks ask for, such as configurations/slurm/gpu.yaml')
    .action(async (table: string, options: RunOptions) => {
      const { on, processes, resources } = options;
      if (on === 'local' && resources !== undefined)
        throw new UsageError(`invalid --resources: ${resources}; only --on slurm asks for them`);
      if (on === 'slurm' && processes !== undefined)
        throw new UsageError(`invalid --processes: ${processes}; --on slurm has array_cap of --resources`);
      const plan = resolved(table, { ...options, profile: neededProfile(table, options.profile) });
      logToStderr(statusHeadline(tableStatus(plan)));
      for (const note of plan.notes) logToStderr(note);
      await (on === 'slurm' ? submit(plan, resources) : run(plan, processes));
    });
}

async function run(plan: ResolvedTable, processes: number | undefined): Promise<void> {
  const { signal, release } = interruptible();
  const bar = new ProgressBar();
  let at = 0;
  try {
    const { done, all, failed, missing } = await runTable(plan, {
      ...(processes !== undefined && { processes }),
      signal,
      log: logToStderr,
      onJob: ({ label }) => {
        logToStderr(`${++at}: ${label}`);
      },
      onUpdate: (update) => {
        bar.show(update);
      },
      onEnd: ({ label }, failure) => {
        bar.stop();
        if (failure !== undefined) logToStderr(`${label} failed: ${failure}`);
      },
    });
    process.stdout.write(`${done} of ${all} jobs of ${plan.table.name} are done\n`);
    if (failed.size > 0) logToStderr(`${failed.size} failed; run the same command again to try them again`);
    if (failed.size > 0 || missing.size > 0) process.exitCode = 1;
  } finally {
    bar.stop();
    release();
  }
}

async function submit(plan: ResolvedTable, file: string | undefined): Promise<void> {
  const { arrays, queued, missing, doubts } = await submitTable(
    plan,
    file === undefined ? noResources : loadResources(file),
  );
  for (const line of [...doubts, ...describeMissing(missing)]) logToStderr(line);
  for (const { id, stage, tasks } of arrays)
    process.stdout.write(`Slurm job ${id}: ${tasks} ${tasks === 1 ? 'task' : 'tasks'} of ${stage}\n`);
  if (queued > 0) process.stdout.write(`${queued} jobs are in the queue already\n`);
  process.stdout.write(`${formatStatus(tableStatus(plan))}\n`);
  if (missing.size > 0) process.exitCode = 1;
}
