import * as tf from '@tensorflow/tfjs';
import { FusedLoss } from '../../src/engine/fused/losses/index.js';
import { chooseEngine } from '../../src/engine/index.js';
import { tensorLoss, type LossAtEmbeddings, type Supervision } from '../../src/losses/index.js';
import { Stream } from '../../src/random/stream.js';
import { python, resultOf } from './python.js';
import type { Options, Report } from './report.js';

// Value and gradient of each distillation loss at the batch sizes of the configurations, on one thread: fused, by tensor
// operations, and in plain PyTorch as the original computes them. Options: losses=rkd,stmr tensors=no.

interface Case {
  readonly name: string;
  readonly n: number;
  readonly d: number;
  readonly teachers: number;
  readonly size: number;
  readonly parameters: Record<string, unknown>;
  /** PyTorch would take more memory than a machine has. */
  readonly alone?: boolean;
}

const relaxed = { margin: 0.5, margin2: 0, tau: 0.25, semihard_loss_threshold: 0 };
const triplets = { ...relaxed, triplet_weight_type: 'from_source_triplets' };
const pairs = { ...relaxed, triplet_weight_type: 'from_source_pairs' };
const one = { n: 249, d: 128, teachers: 1, size: 128 };
const many = { teachers: 50, alone: true };

const cases: Case[] = [
  { ...one, name: 'rkd', n: 172, parameters: {} },
  { ...one, name: 'rkd', n: 284, parameters: {}, alone: true },
  { ...one, name: 'rkd', n: 172, parameters: {}, ...many, teachers: 5 },
  { ...one, name: 'rkd', n: 172, parameters: {}, ...many },
  { ...one, name: 'rkd', n: 284, d: 384, parameters: { batch_mining: 'relaxed_sampling_matters' }, alone: true },
  { ...one, name: 'relaxed_contrastive', parameters: { margin: 1, tau: 1 } },
  { ...one, name: 'relaxed_infonce', parameters: { tau: 0.5 } },
  { ...one, name: 'relaxed_multisimilarity', parameters: { margin: 1, tau: 1, alpha: 1, beta: 2 } },
  { ...one, name: 'relaxed_triplet', parameters: triplets },
  { ...one, name: 'relaxed_triplet', parameters: pairs },
  { ...one, name: 'relaxed_facenet', parameters: triplets },
  { ...one, name: 'relaxed_facenet', parameters: { ...pairs, semihard_loss_threshold: 0.1 } },
  { ...one, name: 'stmr', parameters: { tau: 5, beta: 0.5 } },
  { ...one, name: 'stmr', n: 284, parameters: { tau: 5, beta: 0.5 } },
  { ...one, name: 'mtt', parameters: { teacher_margin: 0, margin: 0.2 } },
  { ...one, name: 'mtt', parameters: { teacher_margin: 0, margin: 0.2 }, ...many },
];

function rowsOf(count: number, size: number, stream: Stream, positive = false): Float32Array {
  const data = new Float32Array(count * size);
  stream.fillNormal(data, 0, 1);
  for (let i = 0; i < count; i++) {
    const row = data.subarray(i * size, (i + 1) * size);
    if (positive) row.forEach((x, k) => (row[k] = Math.max(x, 0)));
    const norm = Math.hypot(...row);
    row.forEach((x, k) => (row[k] = x / norm));
  }
  return data;
}

/** Least and median milliseconds of processor time of some calls: all on one thread, so as long as a quiet machine takes. */
function time(call: () => void, atLeast: number): { least: number; median: number } {
  call();
  const times: number[] = [];
  for (let spent = 0; spent < atLeast || times.length < 3; spent += times.at(-1)! + 0.01) {
    const before = process.cpuUsage();
    call();
    const { user, system } = process.cpuUsage(before);
    times.push((user + system) / 1000);
  }
  times.sort((a, b) => a - b);
  return { least: times[0], median: times[times.length >> 1] };
}

interface Theirs {
  readonly milliseconds: number;
  readonly peakMiB: number;
  readonly program: string;
}

/** Times the losses, each in turns with PyTorch. */
export async function benchmarkLosses(options: Options): Promise<Report> {
  await chooseEngine({ useGpu: false, engine: 'wasm' });
  const chosen = options['losses']?.split(',');
  const notes = new Set(['milliseconds of processor time, one thread']);
  const rows = cases
    .filter(({ name }) => chosen?.includes(name) ?? true)
    .map((given) => {
      const { name, n, d, teachers: count, size, parameters, alone } = given;
      const stream = new Stream(1, 'benchmark');
      const embeddings = rowsOf(n, d, stream);
      const supervision: Supervision = { teachers: { data: rowsOf(n * count, size, stream, true), count, size } };
      const call = (loss: LossAtEmbeddings) => (): void => {
        loss.valueAndGradient(embeddings, n, d, supervision);
      };
      const fused = new FusedLoss(name, parameters, stream);
      const before = time(call(fused), 300);
      const theirs = alone ? undefined : resultOf(python<Theirs>('losses.py', ['torch'], given), 'PyTorch', notes);
      const after = time(call(fused), 300);
      const least = Math.min(before.least, after.least);
      const tensors = options['tensors'] !== 'no' && count === 1;
      if (theirs !== undefined) notes.add(`beside ours: ${theirs.program}`);
      return {
        loss: `${name}, ${n} x ${d}, T = ${count}${parameters['batch_mining'] ? ', mined' : ''}`,
        'fused ms, least': least,
        median: before.median,
        MiB: fused.bytes / 2 ** 20,
        'tensors ms': tensors ? time(call(tensorLoss(name, parameters, false, stream)), 0).least : undefined,
        'PyTorch ms': theirs?.milliseconds,
        'PyTorch peak MiB': theirs?.peakMiB,
        'PyTorch / fused': theirs && theirs.milliseconds / least,
        tensors: tf.memory().numTensors,
      };
    });
  if (chosen === undefined)
    notes.add('PyTorch does not compute rkd of 284 rows or of several teachers here: tens of GB');
  return { rows, notes: [...notes] };
}
