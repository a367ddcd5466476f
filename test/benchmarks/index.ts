import { spawnSync } from 'node:child_process';
import { writeFileAtomic } from '../../src/files.js';
import { unknown, UsageError } from '../../src/errors.js';
import { machine, measured } from './machine.js';
import { rounded, tables, type Benchmark, type Options } from './report.js';

// npm run benchmark [-- NAME ...] [key=value ...] [--quick]: all benchmarks or some, each in a process of its own, as tables
// and in build/benchmarks/NAME.json. Never part of the tests. --quick: small sizes, to see that all of it runs. What ours is
// compared with is Debian's python3-torch, python3-torchvision and python3-faiss (with libopenblas0), or what the
// interpreter named by PYTHON has; both sides take turns, and a ratio is the median of those of single rounds.

interface Entry {
  readonly load: () => Promise<Benchmark>;
  readonly options: readonly string[];
  /** False where it only shows what others measured: then it runs when it is named. */
  readonly measures?: boolean;
}

const benchmarks: Record<string, Entry> = {
  start: {
    load: async () => (await import('./start.js')).benchmarkStart,
    options: ['engines', 'rounds', 'seconds'],
  },
  operations: {
    load: async () => (await import('./operations.js')).benchmarkOperations,
    options: ['engines', 'rounds', 'seconds'],
  },
  teachers: {
    load: async () => (await import('./teachers.js')).benchmarkTeachers,
    options: ['rounds', 'seconds'],
  },
  losses: {
    load: async () => (await import('./losses.js')).benchmarkLosses,
    options: ['losses', 'tensors', 'rounds', 'seconds', 'engines'],
  },
  pictures: {
    load: async () => (await import('./pictures.js')).benchmarkPictures,
    options: ['rounds', 'seconds'],
  },
  embedding: {
    load: async () => (await import('./embedding.js')).benchmarkEmbedding,
    options: ['networks', 'engines', 'rows', 'rounds', 'seconds'],
  },
  steps: {
    load: async () => (await import('./steps.js')).benchmarkSteps,
    options: ['networks', 'engines', 'rows', 'whole', 'rounds', 'seconds'],
  },
  processes: {
    load: async () => (await import('./processes.js')).benchmarkProcesses,
    options: ['networks', 'engines', 'rows', 'rounds', 'seconds'],
  },
  profile: {
    load: async () => (await import('./profile.js')).benchmarkProfile,
    options: ['networks', 'engines', 'rows', 'rounds'],
  },
  neighbors: {
    load: async () => (await import('./neighbors.js')).benchmarkNeighbors,
    options: ['items', 'sop', 'threads', 'kinds', 'rounds', 'seconds'],
  },
  growth: {
    load: async () => (await import('./growth.js')).benchmarkGrowth,
    options: ['series', 'sizes', 'losses', 'alone', 'merge', 'rounds', 'seconds'],
  },
  'growth-page': {
    load: async () => (await import('./growth/write.js')).writeGrowth,
    options: [],
    measures: false,
  },
  convolutions: {
    load: async () => (await import('./convolutions.js')).benchmarkConvolutions,
    options: ['engines', 'rows', 'rounds', 'seconds'],
  },
  kernels: {
    load: async () => (await import('./kernels.js')).benchmarkKernels,
    options: ['seconds'],
  },
};

const HERE = '--here';
const QUICK = '--quick';

async function measure(name: string, options: Options): Promise<void> {
  const [before, start] = [machine(), performance.now()];
  const { rows, notes } = await (await benchmarks[name].load())(options);
  const seconds = Math.round((performance.now() - start) / 1000);
  console.log(`\n${name} (${Object.values(before).join(', ')}; ${seconds} s)`);
  for (const table of tables(rows)) console.table(table.map(rounded));
  for (const note of notes) console.log(`  ${note}`);
  const time = new Date().toISOString();
  const content = { format: 1, benchmark: name, time, seconds, machine: before, versions: measured(), options, rows, notes }; // prettier-ignore
  writeFileAtomic(`build/benchmarks/${name}.json`, `${JSON.stringify(content, null, 1)}\n`);
}

/** `key=value`, and `--quick` as `quick=yes`; an option that none of the benchmarks reads is a slip. */
function optionsOf(args: readonly string[], names: readonly string[]): Record<string, string> {
  const options: Record<string, string> = args.includes(QUICK) ? { quick: 'yes' } : {};
  const read = ['quick', ...names.flatMap((name) => benchmarks[name].options)];
  for (const arg of args.filter((word) => word.includes('='))) {
    const [key, value] = arg.split(/=(.*)/s);
    if (!read.includes(key)) throw unknown(`option of ${names.join(', ')}`, key, [...new Set(read)]);
    options[key] = value;
  }
  return options;
}

async function main(args: readonly string[]): Promise<void> {
  const named = args.filter((arg) => !arg.includes('=') && arg !== HERE && arg !== QUICK);
  for (const name of named)
    if (!Object.hasOwn(benchmarks, name)) throw unknown('benchmark', name, Object.keys(benchmarks));
  const names =
    named.length > 0 ? named : Object.keys(benchmarks).filter((name) => benchmarks[name].measures !== false);
  const options = optionsOf(args, names);
  if (args.includes(HERE)) return measure(names[0], options);
  const failed: string[] = [];
  for (const name of names) {
    const own = Object.entries(options).filter(([key]) => key === 'quick' || benchmarks[name].options.includes(key));
    const words = own.map(([key, value]) => `${key}=${value}`);
    const child = ['--import', 'tsx', 'test/benchmarks/index.ts', HERE, name, ...words];
    const { status } = spawnSync(process.execPath, child, { stdio: 'inherit' });
    if (status !== 0) failed.push(name);
  }
  if (failed.length > 0) throw new UsageError(`failed: ${failed.join(', ')}`);
}

main(process.argv.slice(2)).catch((error: unknown) => {
  console.error(error instanceof Error ? error.message : error);
  process.exitCode = 1;
});
