import { spawn } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { loadTrainingConfiguration } from '../../src/configuration/index.js';
import { makeTripletDataset } from '../../src/datasets/index.js';
import type { RunRecord } from '../../src/training/index.js';
import { peakMiB } from './machine.js';
import { python, resultOf, type Outcome } from './python.js';
import type { Report, Row } from './report.js';

interface Measured {
  readonly seconds: number;
  readonly peakMiB: number;
  readonly records: RunRecord[];
}

/** A whole training command: wall time from start to exit, and the most memory it held. */
async function command(configuration: string, teachers: number, epochs?: number): Promise<Measured> {
  const folder = mkdtempSync(join(tmpdir(), 'tripletlab-benchmark-'));
  const overrides = [
    `num_repetitions=${teachers}`,
    ...(epochs === undefined ? [] : [`optimization.num_training_epochs=${epochs}`]),
  ];
  const start = performance.now();
  const child = spawn(process.execPath, [resolve('src/setup/tripletlab.mjs'), 'train', configuration, ...overrides], {
    cwd: folder,
    env: { ...process.env, TRIPLETLAB_ROOT: process.cwd() },
    stdio: ['ignore', 'pipe', 'ignore'],
  });
  let output = '';
  child.stdout.on('data', (chunk: Buffer) => (output += chunk.toString()));
  let peak = 0;
  const timer = setInterval(() => {
    peak = Math.max(peak, peakMiB(child.pid));
  }, 50);
  const code = await new Promise((done) => child.on('exit', done));
  clearInterval(timer);
  if (code !== 0) throw new Error(`${configuration}: exit code ${String(code)}`);
  const seconds = (performance.now() - start) / 1000;
  const names = [...output.matchAll(/^(run-\d+):/gm)].map(([, name]) => name);
  const records = names.map(
    (name) => JSON.parse(readFileSync(join(folder, 'modeling/runs', name, 'run.json'), 'utf8')) as RunRecord,
  );
  rmSync(folder, { recursive: true });
  return { seconds, peakMiB: peak, records };
}

interface Torch {
  readonly seconds: number;
  readonly torch: string;
}

/** Seconds an epoch of the same training in plain PyTorch. */
function torch(configuration: string, loader: 'items' | 'tensors', epochs: number): Outcome<Torch> {
  const { dataset: section, model } = loadTrainingConfiguration(configuration);
  const dataset = makeTripletDataset(section);
  return python('teachers.py', ['torch'], {
    triplets: { training: [...dataset.triplets.training], validation: [...dataset.triplets.validation] },
    items: dataset.items.length,
    size: model.embedding_size,
    tau: model.tau,
    directed: dataset.directed,
    batch: section.batch_size,
    epochs,
    loader,
  });
}

/** Trains the teachers of THINGS and Yummly as configured, beside PyTorch. */
export async function benchmarkTeachers(): Promise<Report> {
  if (process.env['TRIPLETLAB_DATA'] === undefined)
    return { rows: [], notes: ['skipped; set TRIPLETLAB_DATA to the folder of things/ and yummly/'] };
  const rows: Row[] = [];
  const notes = new Set<string>();
  for (const name of ['things', 'yummly']) {
    const configuration = `configurations/${name}/${name}_p_ste.yaml`;
    const one = await command(configuration, 1);
    const five = await command(configuration, 5);
    const many = await command(configuration, 50, 10);
    const single = await command(configuration, 1, 10);
    const [record] = one.records;
    rows.push({
      what: `${name}, 1 teacher, 100 epochs, whole command`,
      seconds: one.seconds,
      'training and validation': record.seconds,
      'start, data, writing': one.seconds - record.seconds,
      FCT: record.best?.value,
      'peak MiB': one.peakMiB,
    });
    rows.push({
      what: `${name}, 5 teachers, 100 epochs`,
      seconds: five.seconds,
      'times one': five.seconds / one.seconds,
      'peak MiB': five.peakMiB,
    });
    rows.push({
      what: `${name}, 50 teachers, 10 epochs`,
      seconds: many.seconds,
      'times one': many.seconds / single.seconds,
      'peak MiB': many.peakMiB,
    });
    for (const [loader, epochs] of [
      ['tensors', 5],
      ['items', 2],
    ] as const) {
      const theirs = resultOf(torch(configuration, loader, epochs), 'PyTorch', notes);
      if (theirs === undefined) continue;
      rows.push({
        what: `${name}, PyTorch ${theirs.torch}, ${loader === 'items' ? 'items by DataLoader as in the reference' : 'whole batches as tensors'}`,
        seconds: 100 * theirs.seconds,
        'times ours': (100 * theirs.seconds) / one.seconds,
      });
    }
  }
  return { rows, notes: [...notes] };
}
