import { spawnSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { loadavg } from 'node:os';
import { machine as processorAndSystem } from '../../src/training/runs/run-record.js';

/** What numbers were measured on, and how busy it was: other work makes both sides of a ratio slower. */
export function machine(): Record<string, unknown> {
  const { processor, cores, memory_gib, system } = processorAndSystem();
  return { processor, instructions: instructions(), cores, memory_gib, system, node: process.versions.node, load: loadavg()[0] }; // prettier-ignore
}

/** The widest vector instructions of the processor; undefined where Linux does not tell. */
function instructions(): string | undefined {
  try {
    const flags = /^(?:flags|Features)\s*: (.*)$/m.exec(readFileSync('/proc/cpuinfo', 'utf8'))?.[1].split(' ') ?? [];
    return { avx512f: 'AVX-512', avx2: 'AVX2', sse4_2: 'SSE4.2', asimd: 'NEON' }[
      ['avx512f', 'avx2', 'sse4_2', 'asimd'].find((flag) => flags.includes(flag)) as 'avx2'
    ];
  } catch {
    return undefined;
  }
}

/** Tells of what commit a packed copy is, which has no repository (test/gpu-proof/pack.ts). */
export const PACKED = 'packed.json';

/** What was measured: versions of this package and of TensorFlow.js, and the commit with whether files differ from it. */
export function measured(): Record<string, unknown> {
  if (existsSync(PACKED)) return JSON.parse(readFileSync(PACKED, 'utf8')) as Record<string, unknown>;
  const { version, dependencies } = JSON.parse(readFileSync('package.json', 'utf8')) as {
    version: string;
    dependencies: Record<string, string>;
  };
  const git = (...args: string[]) => spawnSync('git', args, { encoding: 'utf8' });
  const { status, stdout } = git('rev-parse', 'HEAD');
  const commit = status === 0 ? { commit: stdout.trim(), changed: git('status', '--porcelain').stdout !== '' } : {};
  return { tripletlab: version, tfjs: dependencies['@tensorflow/tfjs'], v8: process.versions.v8, ...commit };
}

/** The most memory that a process has held, MiB; 0 where this cannot be read. */
export function peakMiB(process: number | 'self' = 'self'): number {
  try {
    return Number(/VmHWM:\s+(\d+)/.exec(readFileSync(`/proc/${process}/status`, 'utf8'))?.[1] ?? 0) / 1024;
  } catch {
    return 0; // it just ended, or this is not Linux
  }
}
