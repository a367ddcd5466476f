import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { hostname } from 'node:os';

/** The process that holds a lock. */
export interface LockOwner {
  readonly pid: number;
  /** The process's start time in clock ticks where the system tells: a number may be given out again. */
  readonly start: string | null;
  readonly host: string;
  /** The Slurm job whose batch script it is, if it is one's. */
  readonly slurm?: string;
}

/** State and start time of a process, where the system tells. */
function look(pid: number): { state: string; start: string } | null {
  try {
    // fields after the command's closing parenthesis: the state is the third of all, the start time the 22nd
    const fields = readFileSync(`/proc/${pid}/stat`, 'utf8').split(') ').pop()!.split(' ');
    return { state: fields[0], start: fields[19] };
  } catch {
    return null;
  }
}

/** This process, as a lock's owner. */
export function thisProcess(): LockOwner {
  const slurm = process.env['SLURM_JOB_ID'];
  const start = look(process.pid)?.start ?? null;
  return { pid: process.pid, start, host: hostname(), ...(slurm && { slurm }) };
}

/** Can it be found out whether the process is still there? */
export const canAsk = ({ host, slurm }: LockOwner): boolean => host === hostname() || slurm !== undefined;

/** Is the process still there? One on another machine that no scheduler can be asked about is taken to be. */
export function isAlive(owner: LockOwner): boolean {
  if (owner.host !== hostname()) return owner.slurm === undefined || isRunning(owner.slurm);
  try {
    process.kill(owner.pid, 0);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ESRCH') return false;
  }
  const found = look(owner.pid);
  return owner.start === null || (found?.start === owner.start && found.state !== 'Z');
}

/** Does Slurm run this job? Our own is one that was requeued: its owner on another machine is gone. */
function isRunning(job: string): boolean {
  if (job === process.env['SLURM_JOB_ID']) return false;
  const { status, stdout, stderr } = spawnSync('squeue', ['--noheader', `--jobs=${job}`, '--format=%T'], {
    encoding: 'utf8',
  });
  if (status === 0) return /RUNNING|COMPLETING|SUSPENDED|STOPPED/.test(stdout);
  return status === null || !/invalid job id/i.test(stderr); // forgotten by Slurm; or there is no answer, so it may be
}
