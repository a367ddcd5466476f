import { spawnSync } from 'node:child_process';
import { readFileSync, readlinkSync } from 'node:fs';
import { hostname } from 'node:os';

/** The process that holds a lock. */
export interface LockOwner {
  readonly pid: number;
  /** The process's start time in clock ticks, where the system tells it: process numbers are used again. */
  readonly start: string | null;
  readonly host: string;
  /** The system's boot and the namespace of `pid`, where the system tells them: containers may share a host name. */
  readonly boot?: string;
  readonly namespace?: string;
  /** The Slurm job whose batch script the process is, if any. */
  readonly slurm?: string;
}

/** The state of a process, as far as this one can tell. */
export type OwnerState = 'alive' | 'gone' | 'unknown';

function told(read: () => string): string | undefined {
  try {
    return read().trim();
  } catch {
    return undefined; // not on Linux
  }
}

/** Returns state and start time of a process, where the system tells them. */
function look(pid: number): { state: string; start: string } | undefined {
  // fields after the command's closing parenthesis: the state is the third of all, the start time the 22nd
  const fields = told(() => readFileSync(`/proc/${pid}/stat`, 'utf8'))?.split(') ').pop()!.split(' '); // prettier-ignore
  return fields && { state: fields[0], start: fields[19] };
}

function describeThisProcess(): LockOwner {
  const boot = told(() => readFileSync('/proc/sys/kernel/random/boot_id', 'utf8'));
  const namespace = told(() => readlinkSync('/proc/self/ns/pid'));
  const slurm = process.env['SLURM_JOB_ID'];
  const start = look(process.pid)?.start ?? null;
  return {
    pid: process.pid,
    start,
    host: hostname(),
    ...(boot && { boot }),
    ...(namespace && { namespace }),
    ...(slurm && { slurm }),
  };
}

let own: LockOwner | undefined;

/** Returns this process as a lock's owner. */
export const thisProcess = (): LockOwner => (own ??= describeThisProcess());

/** Does the owner's process number have the same meaning here as where it was written? */
function isNumberedHere({ host, boot, namespace }: LockOwner): boolean {
  const here = thisProcess();
  return host === here.host && boot === here.boot && namespace === here.namespace;
}

/** Returns the state of a process; `unknown` for one on another machine, or in another container. */
export function stateOf(owner: LockOwner): OwnerState {
  if (!isNumberedHere(owner)) return owner.slurm === undefined ? 'unknown' : stateOfJob(owner.slurm);
  try {
    process.kill(owner.pid, 0);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ESRCH') return 'gone';
  }
  if (owner.start === null) return 'alive';
  const found = look(owner.pid);
  return found?.start === owner.start && found.state !== 'Z' ? 'alive' : 'gone';
}

/** Asks Slurm for the state of a job. If it is our own, it was requeued, and its owner on another machine is gone. */
function stateOfJob(job: string): OwnerState {
  if (job === process.env['SLURM_JOB_ID']) return 'gone';
  const { status, stdout, stderr } = spawnSync('squeue', ['--noheader', `--jobs=${job}`, '--format=%T'], {
    encoding: 'utf8',
  });
  if (status === 0) return /RUNNING|COMPLETING|SUSPENDED|STOPPED/.test(stdout) ? 'alive' : 'gone';
  return status !== null && /invalid job id/i.test(stderr) ? 'gone' : 'unknown'; // forgotten by Slurm, or no answer
}

/** Describes an owner: `process 4242 on HOST`, and whether its number is of another container or an earlier boot. */
export function describeOwner(owner: LockOwner | undefined): string {
  if (owner === undefined) return 'another process';
  const elsewhere = owner.host === thisProcess().host && !isNumberedHere(owner);
  return `process ${owner.pid} on ${owner.host}${elsewhere ? ' (in another container, or before a restart)' : ''}`;
}
