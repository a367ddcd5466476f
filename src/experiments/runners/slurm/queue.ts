import { spawnSync } from 'node:child_process';
import { UsageError } from '../../../errors.js';
import { storedArrays } from './arrays.js';

/** A task that Slurm has not finished. */
export interface QueuedTask {
  /** `1234_5`. */
  readonly id: string;
  /** The name of the array. */
  readonly array: string;
  readonly state: string; // PENDING, RUNNING, ...
  /** Why it does not run: `Dependency`, `Resources`; empty where it runs. */
  readonly reason: string;
  readonly node: string;
}

/** Runs one of Slurm's programs. @throws UsageError where it does not exist or reports an error */
export function slurm(program: string, args: readonly string[], input = ''): string {
  const { status, stdout, stderr, error } = spawnSync(program, args, { encoding: 'utf8', input });
  if (status === 0) return stdout;
  if ((error as NodeJS.ErrnoException | undefined)?.code === 'ENOENT')
    throw new UsageError(`missing program: ${program}; run this on a machine that submits to Slurm`);
  const said = stderr.trim().split('\n').pop() || error?.message || `exit status ${status}`;
  throw new UsageError(`${program} failed: ${said}; run again when Slurm answers`);
}

/** Returns the tasks in Slurm's queue, by the keys of their jobs; calls no program where nothing was ever submitted. */
export function queueOf(folder: string): Map<string, QueuedTask> {
  const arrays = storedArrays(folder);
  const queue = new Map<string, QueuedTask>();
  if (arrays.size === 0) return queue;
  const lines = slurm('squeue', ['--me', '--noheader', '--array', '--format=%F|%K|%j|%T|%r|%N']);
  for (const line of lines.split('\n').filter(Boolean)) {
    const [array, task, name, state, reason, node] = line.split('|');
    const keys = arrays.get(name)?.tasks[Number(task)];
    if (keys === undefined || /^(COMPLETED|FAILED|CANCELLED|TIMEOUT|NODE_FAIL|OUT_OF_MEMORY)$/.test(state)) continue;
    const waits = state === 'PENDING' || state.startsWith('REQUEUE');
    for (const key of keys) queue.set(key, { id: `${array}_${task}`, array, state, reason: waits ? reason : '', node });
  }
  return queue;
}
