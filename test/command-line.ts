import { spawn, spawnSync, type ChildProcess } from 'node:child_process';
import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';

const launcher = resolve('src/setup/tripletlab.mjs');

interface Place {
  readonly cwd?: string;
  readonly env?: NodeJS.ProcessEnv;
}

/** Runs the command line to its end. */
export function tripletlab(
  args: readonly string[],
  { cwd = process.cwd(), env = {} }: Place = {},
): { status: number | null; stdout: string; stderr: string } {
  const options = { cwd, env: { ...process.env, ...env }, encoding: 'utf8', timeout: 120_000 } as const;
  const { status, stdout, stderr } = spawnSync(process.execPath, [launcher, ...args], options);
  return { status, stdout, stderr };
}

/** Starts the command line and leaves it running. */
export function startTripletlab(args: readonly string[], { cwd = process.cwd(), env = {} }: Place = {}): ChildProcess {
  return spawn(process.execPath, [launcher, ...args], {
    cwd,
    env: { ...process.env, ...env },
    stdio: ['ignore', 'ignore', 'pipe'],
  });
}

export const temporaryFolder = (): string => mkdtempSync(join(tmpdir(), 'tripletlab-'));
