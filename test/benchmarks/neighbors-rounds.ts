import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ourChild } from './child.js';
import type { Found, Question } from './neighbors-child.js';
import { randomEmbeddings, SIZE, type Kind } from './neighbors-data.js';
import { compared, medianOf, type Row } from './report.js';
import { pythonWith, Rival } from './rival.js';
import { inTurns, type RoundsOptions } from './rounds.js';
import { median } from './statistics.js';

const CHECKED = 200; // rows
const TARGET = 0.9;

/** Whether another's neighbour of row i is as near as ours. */
function agrees(rows: Float32Array, i: number, ours: number, theirs: readonly number[]): boolean {
  const distance = (j: number): number =>
    rows.subarray(i * SIZE, (i + 1) * SIZE).reduce((sum, x, k) => sum + (x - rows[j * SIZE + k]) ** 2, 0);
  const other = theirs.filter((j) => j !== i && j >= 0).map(distance);
  return distance(ours) <= Math.min(...other);
}

/** faiss flat where Python has it, else PyTorch's products and topk. */
function rivalOf(notes: Set<string>): { readonly rival: Rival; readonly name: string } {
  if (pythonWith(['faiss', 'numpy']) !== undefined)
    return { rival: new Rival('neighbors.py', ['faiss', 'numpy'], notes), name: 'faiss' };
  notes.add('faiss: absent; PyTorch stands in, matmul and topk block by block');
  return { rival: new Rival('neighbors_torch.py', ['torch', 'numpy'], notes), name: 'PyTorch' };
}

export interface NeighborRowOptions {
  /** No other program stands beside ours. */
  readonly alone?: boolean;
  /** How many rows, evenly spaced, are asked for, alone (default: all). */
  readonly queries?: number;
}

/** The nearest neighbour of each of n embeddings, in turns with another program; memory is that of the first search, with the rows. */
export async function neighborRow(
  kind: Kind,
  n: number,
  threads: number,
  limits: RoundsOptions,
  { queries, alone = queries !== undefined }: NeighborRowOptions = {},
): Promise<Row> {
  const folder = mkdtempSync(join(tmpdir(), 'tripletlab-benchmark-'));
  const child = ourChild('neighbors-child.ts');
  const { rival, name } = rivalOf(limits.notes);
  try {
    const data = randomEmbeddings(kind, n);
    const file = join(folder, 'rows.f32');
    writeFileSync(file, new Uint8Array(data.buffer));
    const question: Question = { file, size: SIZE, threads, checked: CHECKED, ...(queries && { queries }) };
    const { ours, theirs } = await inTurns(
      () => child.ask<Found>(question),
      () => (alone ? undefined : rival.ask<Found>(question, name)),
      limits,
    );
    const seconds = medianOf(ours, 'seconds');
    const [{ first }] = ours;
    return {
      embeddings: `${n} x ${SIZE}, ${kind}`,
      threads,
      seconds,
      'processor s': median(ours.map(({ processor }) => processor!)),
      'GFLOP/s of all pairs': (2 * (queries ?? n) * n * SIZE) / seconds / 1e9,
      'peak MiB': ours[0].peakMiB,
      ...(theirs.length > 0 && {
        beside: name,
        'its seconds': medianOf(theirs, 'seconds'),
        'its peak MiB': theirs[0].peakMiB,
        'none of its nearer': first.filter(([item], i) => agrees(data, i, item, theirs[0].first[i])).length / first.length, // prettier-ignore
      }),
      ...compared(ours.map((one) => one.seconds), theirs.map((one) => one.seconds), TARGET), // prettier-ignore
    };
  } finally {
    await Promise.all([child.close(), rival.close()]);
    rmSync(folder, { recursive: true });
  }
}
