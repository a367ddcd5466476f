import { mkdirSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { packageRoot } from '../../src/assets.js';
import { unknown, UsageError } from '../../src/errors.js';
import { writeFileAtomic } from '../../src/files.js';
import { torchIsBuilt } from '../engine/torch-is-built.js';
import { load } from '../setup/load.js';
import { buildPart } from './build.js';
import { enginesPart } from './engines.js';
import { machinePart } from './machine.js';
import { memoryPart } from './memory.js';
import { outOfMemoryPart } from './out-of-memory.js';
import { pack } from './pack.js';
import type { Found, Part } from './part.js';
import { markdown, type PartReport, type Report } from './report.js';
import { stepsPart } from './steps.js';
import { suitesPart } from './suites.js';
import { teachersPart } from './teachers.js';
import { vectorsPart } from './vectors.js';
import { webgpuPart } from './webgpu.js';

// npm run prove:gpu [-- OPTIONS], or run.sh [OPTIONS] of a packed folder: see README.md.

/**
 * Parts of a group run side by side; what is measured has the card alone. The steps come last, since they can use as much
 * time as is left.
 */
const groups: readonly (readonly Part[])[] = [
  [machinePart],
  [buildPart],
  [enginesPart],
  [vectorsPart, suitesPart, teachersPart, webgpuPart],
  [memoryPart],
  [outOfMemoryPart],
  [stepsPart],
];
/** These run whatever `--parts` names: the others need them. */
const needed = new Set(['build', 'engines']);

const say = (line: string): void => void process.stderr.write(`${line}\n`);

async function runPart(part: Part, engine: string, dry: boolean, left: number): Promise<PartReport> {
  const { name, title } = part;
  const seconds = Math.min(part.seconds, left);
  if (seconds < 5) return { name, title, status: 'not reached', seconds: 0, skipped: 'the time was over' };
  const start = performance.now();
  const signal = AbortSignal.timeout(Math.ceil(1000 * seconds));
  let found: Found;
  try {
    found = await part.run({ engine, dry, seconds, signal });
  } catch (error) {
    const reason = error instanceof Error ? error.message.split('\n')[0] : String(error);
    found = { failures: [signal.aborted ? `not done in ${Math.round(seconds)} s` : reason] };
  }
  const status = (found.failures ?? []).length > 0 ? 'failed' : found.skipped !== undefined ? 'skipped' : 'passed';
  return { name, title, status, seconds: (performance.now() - start) / 1000, ...found };
}

/** The engine nearest to a GPU's that the processor can have. */
async function dryEngine(): Promise<string> {
  const { findTorch } = await load<{ findTorch: () => Promise<object | undefined> }>('build-torch.mjs');
  return torchIsBuilt || (await findTorch()) !== undefined ? 'torch-cpu' : 'wasm';
}

/** The groups of the parts that are named, and those that these need. */
function chosenGroups(names: readonly string[]): Part[][] {
  const all = groups.flat().map(({ name }) => name);
  for (const name of names) if (!all.includes(name)) throw unknown('part', name, all);
  return groups.map((group) => group.filter(({ name }) => needed.has(name) || names.includes(name)));
}

async function prove(
  engine: string,
  dry: boolean,
  minutes: number,
  out: string,
  chosen: readonly Part[][],
): Promise<boolean> {
  const end = performance.now() + 60_000 * minutes;
  const done: PartReport[] = [];
  let blocked = '';
  mkdirSync(out, { recursive: true });
  for (const group of chosen) {
    const left = (end - performance.now()) / 1000;
    const found = group.map(async (part): Promise<PartReport> => {
      const { name, title } = part;
      if (blocked) return { name, title, status: 'not reached', seconds: 0, skipped: `the part ${blocked} failed` };
      const { log, blocks, ...report } = await runPart(part, engine, dry, left);
      if (blocks) blocked ||= name;
      if (log !== undefined) writeFileAtomic(join(out, `${name}.log`), log);
      return report;
    });
    for (const report of await Promise.all(found)) {
      const { name, status, seconds, failures = [] } = report;
      done.push(report);
      say([`${name}: ${status}, ${seconds.toFixed(0)} s`, ...failures].join('\n  '));
    }
    const time = new Date().toISOString();
    const report: Report = { format: 1, time, engine, dry, node: process.versions.node, parts: done };
    // after each group, so that a proof that is cut short leaves what it found
    writeFileAtomic(join(out, 'report.json'), `${JSON.stringify(report, null, 1)}\n`);
    writeFileAtomic(join(out, 'report.md'), markdown(report));
  }
  say(`report: ${join(out, 'report.md')}`);
  return done.every(({ status }) => status === 'passed' || status === 'skipped');
}

async function main(): Promise<void> {
  const { values, positionals } = parseArgs({
    allowPositionals: true,
    options: {
      'dry-run': { type: 'boolean', default: false },
      engine: { type: 'string' },
      minutes: { type: 'string', default: '15' },
      out: { type: 'string', default: join(packageRoot(), 'build', 'gpu-proof') },
      parts: { type: 'string' },
    },
  });
  if (positionals.length > 0) {
    const [verb, folder, ...rest] = positionals;
    if (verb !== 'pack' || folder === undefined || rest.length > 0)
      throw new UsageError(`unknown arguments: ${positionals.join(' ')}; pack FOLDER, or options alone`);
    say(`packed: ${await pack(resolve(folder))}`);
    return;
  }
  const minutes = Number(values.minutes);
  if (!(minutes > 0)) throw new UsageError(`invalid --minutes: ${values.minutes}; a positive number needed`);
  const chosen = chosenGroups(values.parts?.split(',') ?? groups.flat().map(({ name }) => name));
  const dry = values['dry-run'];
  const engine = values.engine ?? (dry ? await dryEngine() : 'torch-cuda');
  if (!(await prove(engine, dry, minutes, resolve(values.out), chosen))) process.exitCode = 1;
}

// a proof that is interrupted ends the programs that it started: they have process groups of their own
for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => process.exit(1));

main().catch((error: unknown) => {
  say(error instanceof Error ? error.message : String(error));
  process.exitCode = 1;
});
