import { spawnSync } from 'node:child_process';
import { gpuProperties } from '../../src/engine/machine.js';
import { machine, measured } from '../benchmarks/machine.js';
import { pythonWith } from '../benchmarks/rival.js';
import type { Found, Part } from './part.js';

const GPU = ['name', 'memory.total', 'driver_version', 'compute_cap', 'power.limit'];

/** The last line that a program prints; undefined where it is not there. */
function said(command: string, ...args: string[]): string | undefined {
  const { status, stdout } = spawnSync(command, args, { encoding: 'utf8' });
  return status === 0 ? stdout.trim().split('\n').at(-1) : undefined;
}

function run(): Promise<Found> {
  const python = pythonWith(['torch']);
  const torch = python && said(python, '-c', 'import torch; print(torch.__version__, "CUDA", torch.version.cuda)');
  const about: Record<string, unknown> = {
    ...machine(),
    ...measured(),
    ...Object.fromEntries(GPU.map((key) => [`GPU, ${key}`, gpuProperties(key, 10)[0]])),
    'CUDA compiler': said('nvcc', '--version'),
    PyTorch: torch,
  };
  const rows = Object.entries(about).flatMap(([name, value]) =>
    value === undefined ? [] : [{ machine: name, is: String(value as string) }],
  );
  return Promise.resolve({ rows });
}

export const machinePart: Part = { name: 'machine', title: 'Machine and versions', seconds: 60, run };
