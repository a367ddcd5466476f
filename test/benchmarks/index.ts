import { spawnSync } from 'node:child_process';
import { writeFileAtomic } from '../../src/files.js';
import { unknown } from '../../src/errors.js';
import { machine } from './machine.js';
import type { Benchmark, Options, Row } from './report.js';

// npm run benchmark [-- NAME ...] [key=value ...]: all benchmarks or some, each in a process of its own, as tables and in
// build/benchmarks/NAME.json. Never part of the tests. What others are compared with is Debian's python3-torch,
// python3-torchvision and python3-faiss (with libopenblas0), or what the interpreter named by PYTHON has.

const benchmarks: Record<string, () => Promise<Benchmark>> = {
  teachers: async () => (await import('./teachers.js')).benchmarkTeachers,
  pictures: async () => (await import('./pictures.js')).benchmarkPictures,
  losses: async () => (await import('./losses.js')).benchmarkLosses,
  neighbors: async () => (await import('./neighbors.js')).benchmarkNeighbors,
  steps: async () => (await import('./steps.js')).benchmarkSteps,
  kernels: async () => (await import('./kernels.js')).benchmarkKernels,
};

const HERE = '--here';

const rounded = (row: Row): Row =>
  Object.fromEntries(
    Object.entries(row).map(([key, value]) => [key, typeof value === 'number' ? Number(value.toPrecision(4)) : value]),
  );

async function measure(name: string, options: Options): Promise<void> {
  const before = machine();
  const { rows, notes } = await (await benchmarks[name]())(options);
  console.log(`\n${name} (${Object.values(before).join(', ')})`);
  if (rows.length > 0) console.table(rows.map(rounded));
  for (const note of notes) console.log(`  ${note}`);
  const content = { benchmark: name, time: new Date().toISOString(), machine: before, options, rows, notes };
  writeFileAtomic(`build/benchmarks/${name}.json`, `${JSON.stringify(content, null, 1)}\n`);
}

async function main(args: readonly string[]): Promise<void> {
  const options = args.filter((arg) => arg.includes('='));
  const names = args.filter((arg) => !arg.includes('=') && arg !== HERE);
  for (const name of names)
    if (!Object.hasOwn(benchmarks, name)) throw unknown('benchmark', name, Object.keys(benchmarks));
  if (args.includes(HERE)) {
    const pairs = options.map((option) => option.split(/=(.*)/s).slice(0, 2) as [string, string]);
    return measure(names[0], Object.fromEntries(pairs));
  }
  for (const name of names.length > 0 ? names : Object.keys(benchmarks)) {
    const own = ['--import', 'tsx', 'test/benchmarks/index.ts', HERE, name, ...options];
    const { status } = spawnSync(process.execPath, own, { stdio: 'inherit' });
    if (status !== 0) process.exitCode = 1;
  }
}

main(process.argv.slice(2)).catch((error: unknown) => {
  console.error(error instanceof Error ? error.message : error);
  process.exitCode = 1;
});
