import { spawn } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import type { RunRecord } from '../../src/training/index.js';
import { endedBy } from './child.js';
import { peakMiB } from './machine.js';

export interface Measured {
  readonly seconds: number;
  readonly peakMiB: number;
  /** Of the runs that it trained. */
  readonly records: RunRecord[];
}

/** A whole command of `tripletlab` in an empty folder: wall time from start to exit, and the most memory it held. */
export async function command(
  args: readonly string[],
  environment: NodeJS.ProcessEnv = {},
  signal?: AbortSignal,
): Promise<Measured> {
  const folder = mkdtempSync(join(tmpdir(), 'tripletlab-benchmark-'));
  try {
    const start = performance.now();
    const child = spawn(process.execPath, [resolve('dist/cli.js'), ...args], {
      cwd: folder,
      env: { ...process.env, ...environment },
      stdio: ['ignore', 'pipe', 'pipe'],
      ...endedBy(signal),
    });
    let [output, complaints, peak] = ['', '', 0];
    child.stdout.on('data', (chunk: Buffer) => (output += chunk.toString()));
    child.stderr.on('data', (chunk: Buffer) => (complaints = (complaints + chunk.toString()).slice(-4096)));
    child.once('error', ({ message }) => (complaints = message));
    const timer = setInterval(() => {
      peak = Math.max(peak, peakMiB(child.pid));
    }, 50);
    const code = await new Promise((done) => child.once('close', done));
    const seconds = (performance.now() - start) / 1000;
    clearInterval(timer);
    if (code !== 0) {
      const reason = complaints.trim().split('\n').at(-1);
      throw new Error(`tripletlab ${args.join(' ')}: exit code ${String(code)}: ${reason}`);
    }
    const names = [...output.matchAll(/^(run-\d+):/gm)].map(([, name]) => name);
    const records = names.map(
      (name) => JSON.parse(readFileSync(join(folder, 'modeling/runs', name, 'run.json'), 'utf8')) as RunRecord,
    );
    return { seconds, peakMiB: peak, records };
  } finally {
    rmSync(folder, { recursive: true });
  }
}

/** A training from start to exit. */
export const training = (
  configuration: string,
  overrides: Readonly<Record<string, unknown>>,
  signal?: AbortSignal,
): Promise<Measured> => {
  const settings = Object.entries(overrides).map(([key, value]) => `${key}=${String(value)}`);
  return command(['train', configuration, ...settings], {}, signal);
};
