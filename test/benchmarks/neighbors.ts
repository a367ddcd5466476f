import { execFileSync, spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { nearestNeighbors } from '../../src/evaluation/nearest-neighbors.js';
import { Stream } from '../../src/random/stream.js';
import { machine } from './machine.js';

// Usage: npx tsx test/benchmarks/neighbors.ts [rows] [threads,...] [kind,...]
// PYTHON names an interpreter with faiss or torch; /usr/bin/python3 by default.

const SIZE = 512;
const K = 1;

type Fill = (row: Float32Array, i: number, rows: Float32Array, stream: Stream) => void;

/** Around centres, which are the first rows. */
const clusters =
  (count: number, noise: number): Fill =>
  (row, i, rows, stream) => {
    stream.fillNormal(row, 0, i < count ? 1 : noise);
    if (i < count) return;
    const from = (i % count) * SIZE;
    for (let k = 0; k < SIZE; k++) row[k] += rows[from + k] * Math.sqrt(SIZE); // centres are normalised by now
  };

const kinds: Record<string, Fill> = {
  isotropic: (row, _, __, stream) => {
    stream.fillNormal(row, 0, 1);
  },
  classes: clusters(11316, 0.5),
  'five of each': clusters(11316, 0),
  'near duplicates': clusters(11316, 1e-4),
  'collapsed to a point': clusters(1, 1e-3),
  'collapsed to 10 points': clusters(10, 1e-3),
  'collapsed to 100 points': clusters(100, 1e-3),
  'collapsed to 1000 points': clusters(1000, 1e-3),
};

/** `[n, 512]` rows of norm 1. */
function embeddings(kind: string, n: number): Float32Array {
  const rows = new Float32Array(n * SIZE);
  const stream = new Stream(1, kind);
  for (let i = 0; i < n; i++) {
    const row = rows.subarray(i * SIZE, (i + 1) * SIZE);
    kinds[kind](row, i, rows, stream);
    const norm = Math.sqrt(row.reduce((sum, value) => sum + value * value, 0));
    for (let k = 0; k < SIZE; k++) row[k] /= norm;
  }
  return rows;
}

interface Measured {
  readonly seconds: number;
  readonly peakMiB: number;
  readonly first: number[];
}

/** In a process of its own, so that its peak memory is the search's. */
function search(file: string, threads: number): void {
  const bytes = readFileSync(file);
  const rows = new Float32Array(bytes.buffer, bytes.byteOffset, bytes.byteLength / 4);
  const start = performance.now();
  const { indexes } = nearestNeighbors(rows, SIZE, { k: K, threads });
  const seconds = (performance.now() - start) / 1000;
  const peakMiB = process.resourceUsage().maxRSS / 1024;
  process.stdout.write(JSON.stringify({ seconds, peakMiB, first: Array.from(indexes.subarray(0, 200)) }));
}

/** Exact neighbours of embeddings of several kinds, beside faiss or PyTorch. */
export function benchmarkNeighbors(n: number, threadCounts: readonly number[], chosen: readonly string[]): void {
  const folder = mkdtempSync(join(tmpdir(), 'tripletlab-benchmark-'));
  const file = join(folder, 'rows.f32');
  const python = process.env['PYTHON'] ?? '/usr/bin/python3';
  const rows: Record<string, unknown>[] = [];
  try {
    for (const kind of chosen)
      for (const threads of threadCounts) {
        writeFileSync(file, new Uint8Array(embeddings(kind, n).buffer));
        const args = ['--import', 'tsx', 'test/benchmarks/neighbors.ts', 'search', file, String(threads)];
        const ours = JSON.parse(execFileSync(process.execPath, args, { encoding: 'utf8' })) as Measured;
        const theirs = spawnSync(python, ['test/benchmarks/neighbors.py', file, String(SIZE), String(K), String(threads)], { encoding: 'utf8' }); // prettier-ignore
        const other = theirs.status === 0 ? (JSON.parse(theirs.stdout) as { seconds: number; program: string; first: number[][] }) : undefined; // prettier-ignore
        rows.push({
          embeddings: `${n} x ${SIZE}, ${kind}`,
          threads,
          seconds: ours.seconds,
          'GFLOP/s of all pairs': (2 * n * n * SIZE) / ours.seconds / 1e9,
          'peak MiB, rows included': ours.peakMiB,
          other: other?.program,
          'its seconds': other?.seconds,
          'times as fast': other && other.seconds / ours.seconds,
          'found by it too': other && ours.first.filter((item, i) => other.first[i].includes(item)).length / 200,
        });
        console.log(JSON.stringify(rows.at(-1)));
      }
  } finally {
    rmSync(folder, { recursive: true });
  }
  console.table(rows);
}

if (process.argv[1]?.endsWith('neighbors.ts')) {
  const [first = '60502', threads = '1,2', chosen] = process.argv.slice(2);
  if (first === 'search') search(threads, Number(chosen));
  else {
    console.log(machine());
    benchmarkNeighbors(Number(first), threads.split(',').map(Number), chosen?.split(',') ?? Object.keys(kinds));
  }
}
