import { FusedLoss, hasFusedLoss } from '../../src/losses/kernels/index.js';
import { tensorLoss, type EmbeddingLoss, type Supervision } from '../../src/losses/index.js';
import { RandomStream } from '../../src/random/stream.js';
import type { LossCase } from './loss-cases.js';
import { Rival } from './rival.js';
import { inTurns, type RoundsOptions } from './rounds.js';

export interface LossTimes {
  /** Milliseconds of processor time, by rounds. */
  readonly ours: readonly number[];
  readonly theirs: readonly number[];
  readonly theirPeakMiB?: number;
  /** What the fused loss holds; undefined of tensor operations. */
  readonly bytes?: number;
}

const PER_CLASS = 4;

/** Value and gradient at random embeddings and supervision, as a function to be timed; fused where there is such a form. */
export function lossCall(
  { name, kind, n, d, teachers: count, size, parameters }: LossCase,
  tensors = false,
): { readonly call: () => void; readonly fused?: FusedLoss } {
  const stream = new RandomStream(1, 'benchmark');
  const embeddings = rowsOf(n, d, stream);
  const supervisions: Record<LossCase['kind'], () => Supervision> = {
    triplets: () => ({ triplets: true, directed: false }),
    classes: () => ({ classes: Int32Array.from({ length: n }, (_, i) => Math.floor(i / PER_CLASS)) }),
    teachers: () => ({ teachers: { data: rowsOf(n * count, size, stream, true), count, size } }),
  };
  const supervision = supervisions[kind]();
  const fused = !tensors && hasFusedLoss(name) ? new FusedLoss(name, parameters, stream) : undefined;
  const loss: EmbeddingLoss = fused ?? tensorLoss(name, parameters, false, stream);
  const call = (): void => {
    loss.valueAndGradient(embeddings, n, d, supervision);
  };
  return { call, ...(fused && { fused }) };
}

function rowsOf(count: number, size: number, stream: RandomStream, positive = false): Float32Array {
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

/** The least milliseconds of processor time of some calls: all on one thread, so as long as a quiet machine takes. */
export function leastTime(call: () => void, atLeast: number): number {
  let least = Infinity;
  for (let spent = 0, count = 0; spent < atLeast || count < 3; count++) {
    const before = process.cpuUsage();
    call();
    const { user, system } = process.cpuUsage(before);
    least = Math.min(least, (user + system) / 1000);
    spent += (user + system) / 1000 + 0.01;
  }
  return least;
}

/** A loss in turns with PyTorch, in a process of its own: its peak of memory is the loss's. */
export async function lossRounds(given: LossCase, limits: RoundsOptions, milliseconds: number): Promise<LossTimes> {
  const { call, fused } = lossCall(given);
  const rival = new Rival('losses.py', ['torch'], limits.notes);
  let theirPeakMiB = 0;
  const theirs = async (): Promise<number | undefined> => {
    if (given.alone === true) return undefined;
    const question = { ...given, seconds: milliseconds / 1000 };
    const found = await rival.ask<{ milliseconds: number; peakMiB: number }>(question, `PyTorch's ${given.name}, n ${given.n}`); // prettier-ignore
    theirPeakMiB = found?.peakMiB ?? 0;
    return found?.milliseconds;
  };
  try {
    call();
    if (limits.rounds > 1) await theirs(); // warms up
    const turns = await inTurns(() => leastTime(call, milliseconds), theirs, limits);
    return { ...turns, ...(turns.theirs.length > 0 && { theirPeakMiB }), ...(fused && { bytes: fused.bytes }) };
  } finally {
    await rival.close();
  }
}
