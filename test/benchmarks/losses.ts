import { spawnSync } from 'node:child_process';
import * as tf from '@tensorflow/tfjs';
import { FusedLoss } from '../../src/engine/fused/losses/index.js';
import { chooseEngine } from '../../src/engine/index.js';
import { tensorLoss, type LossAtEmbeddings, type Supervision } from '../../src/losses/index.js';
import { Stream } from '../../src/random/stream.js';
import { machine } from './machine.js';

// Usage: npx tsx test/benchmarks/losses.ts [--fused]: value and gradient of each distillation loss at the batch sizes of
// the configurations, fused and (without --fused) by tensor operations, beside PyTorch where python3-torch is installed.

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

function rows(count: number, size: number, stream: Stream, positive = false): Float32Array {
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

/** Least and median milliseconds of some calls. */
function time(call: () => void, atLeast: number): { least: number; median: number } {
  call();
  const times: number[] = [];
  for (let spent = 0; spent < atLeast || times.length < 3; spent += times.at(-1)!) {
    const start = performance.now();
    call();
    times.push(performance.now() - start);
  }
  times.sort((a, b) => a - b);
  return { least: times[0], median: times[times.length >> 1] };
}

/** Milliseconds of the same in plain PyTorch; undefined where python3-torch is not installed. */
function torch(given: readonly Case[]): (number | null)[] | undefined {
  const run = spawnSync('/usr/bin/python3', ['test/benchmarks/losses.py'], {
    input: JSON.stringify(given),
    encoding: 'utf8',
  });
  return run.status === 0 ? (JSON.parse(run.stdout) as { milliseconds: (number | null)[] }).milliseconds : undefined;
}

/** Times the losses. @param tensors also by tensor operations, and PyTorch */
export async function benchmarkLosses(tensors = true): Promise<Record<string, unknown>[]> {
  await chooseEngine({ useGpu: false, engine: 'wasm' });
  const compared = cases.filter(({ alone }) => !alone);
  const theirs = tensors ? torch(compared) : undefined;
  return cases.map((given) => {
    const { name, n, d, teachers: count, size, parameters } = given;
    const stream = new Stream(1, 'benchmark');
    const embeddings = rows(n, d, stream);
    const supervision: Supervision = { teachers: { data: rows(n * count, size, stream, true), count, size } };
    const call = (loss: LossAtEmbeddings) => (): void => {
      loss.valueAndGradient(embeddings, n, d, supervision);
    };
    const fused = new FusedLoss(name, parameters, stream);
    const { least, median } = time(call(fused), 300);
    const pytorch = theirs?.[compared.indexOf(given)] ?? undefined;
    return {
      loss: `${name}, ${n} x ${d}, T = ${count}${parameters['batch_mining'] ? ', mined' : ''}`,
      'fused ms, least': least,
      median,
      MiB: fused.bytes / 2 ** 20,
      'tensors ms':
        tensors && count === 1 ? time(call(tensorLoss(name, parameters, false, stream)), 0).least : undefined,
      'PyTorch ms': pytorch,
      'PyTorch / fused': pytorch === undefined ? undefined : pytorch / least,
      tensors: tf.memory().numTensors,
    };
  });
}

if (process.argv[1]?.endsWith('losses.ts')) {
  console.log(machine());
  console.table(await benchmarkLosses(!process.argv.includes('--fused')));
}
