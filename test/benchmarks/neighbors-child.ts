import { readFileSync } from 'node:fs';
import { nearestNeighbors } from '../../src/evaluation/nearest-neighbors.js';
import { answer } from './child.js';
import { peakMiB } from './machine.js';
import { SIZE } from './neighbors-data.js';

// Searches the nearest neighbours of the rows of a file.

export interface Question {
  /** Of float32 rows. */
  readonly file: string;
  readonly size: number;
  readonly threads: number;
  readonly checked: number;
  /** How many rows, evenly spaced, are asked for (default: all). */
  readonly queries?: number;
}

export interface Found {
  readonly seconds: number;
  /** Of the processor, all threads together; the other program does not tell. */
  readonly processor?: number;
  readonly peakMiB: number;
  /** Neighbours of the first rows: ours alone, theirs with the row itself among them. */
  readonly first: readonly (readonly number[])[];
}

void answer(({ file, threads, checked, queries: asked }: Question): Found => {
  const bytes = readFileSync(file);
  const rows = new Float32Array(bytes.buffer, bytes.byteOffset, bytes.byteLength / 4);
  const step = asked && Math.floor(rows.length / SIZE / asked);
  const queries = step && Int32Array.from({ length: asked }, (_, i) => i * step);
  const [before, start] = [process.cpuUsage(), performance.now()];
  const { indexes } = nearestNeighbors(rows, SIZE, { k: 1, threads, ...(queries && { queries }) });
  const seconds = (performance.now() - start) / 1000;
  const { user, system } = process.cpuUsage(before);
  return {
    seconds,
    processor: (user + system) / 1e6,
    peakMiB: peakMiB(),
    first: Array.from(indexes.subarray(0, checked), (item) => [item]),
  };
});
