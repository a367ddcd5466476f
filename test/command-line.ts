import { spawn, spawnSync, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { text } from 'node:stream/consumers';

const launcher = resolve('dist/cli.js');

interface Place {
  readonly cwd?: string;
  readonly env?: NodeJS.ProcessEnv;
}

interface Ended {
  readonly status: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

/** Runs the command line to its end. */
export function tripletlab(args: readonly string[], { cwd = process.cwd(), env = {} }: Place = {}): Ended {
  const options = { cwd, env: { ...process.env, ...env }, encoding: 'utf8', timeout: 300_000 } as const;
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

/** Runs it to its end while others run. */
export async function tripletlabBeside(args: readonly string[], { env = {} }: Place = {}): Promise<Ended> {
  const child = spawn(process.execPath, [launcher, ...args], { env: { ...process.env, ...env } });
  child.stdin.end();
  const said = Promise.all([text(child.stdout), text(child.stderr)]);
  const [status] = (await once(child, 'close')) as [number | null];
  const [stdout, stderr] = await said;
  return { status, stdout, stderr };
}

export const temporaryFolder = (): string => mkdtempSync(join(tmpdir(), 'tripletlab-'));
