import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { nearestNeighbors } from '../../src/evaluation/nearest-neighbors.js';
import { Stream } from '../../src/random/stream.js';
import { peakMiB } from './machine.js';
import { python, resultOf } from './python.js';
import type { Options, Report, Row } from './report.js';

// Options: rows=60502 threads=1,2 kinds=isotropic,classes rounds=3.

const SIZE = 512;
const K = 1;
const CHECKED = 200; // rows

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
  /** Of all threads: what other work on the machine disturbs least. */
  readonly processorSeconds: number;
  readonly peakMiB: number;
  /** Neighbours of the first 200 rows: ours alone, theirs the row itself among them. */
  readonly first: readonly (readonly number[])[];
  readonly program?: string;
}

/** In a process of its own, so that its peak memory is the search's. */
function search(file: string, threads: number): void {
  const bytes = readFileSync(file);
  const rows = new Float32Array(bytes.buffer, bytes.byteOffset, bytes.byteLength / 4);
  const [start, before] = [performance.now(), process.cpuUsage()];
  const { indexes } = nearestNeighbors(rows, SIZE, { k: K, threads });
  const { user, system } = process.cpuUsage(before);
  const found: Measured = {
    seconds: (performance.now() - start) / 1000,
    processorSeconds: (user + system) / 1e6,
    peakMiB: peakMiB(),
    first: Array.from(indexes.subarray(0, CHECKED), (item) => [item]),
  };
  process.stdout.write(JSON.stringify(found));
}

/** Whether another's neighbour of row i is as near as ours. */
function agrees(rows: Float32Array, i: number, ours: number, theirs: readonly number[]): boolean {
  const distance = (j: number): number =>
    rows.subarray(i * SIZE, (i + 1) * SIZE).reduce((sum, x, k) => sum + (x - rows[j * SIZE + k]) ** 2, 0);
  const other = theirs.filter((j) => j !== i && j >= 0).map(distance);
  return distance(ours) <= Math.min(...other);
}

const least = (all: readonly Measured[], key: 'seconds' | 'processorSeconds'): number =>
  Math.min(...all.map((one) => one[key]));

/** Exact neighbours of embeddings of several kinds, in turns with faiss: the fastest of each. */
export function benchmarkNeighbors(options: Options): Report {
  const n = Number(options['rows'] ?? 15000);
  const threadCounts = (options['threads'] ?? '1,2').split(',').map(Number);
  const chosen = options['kinds']?.split(',') ?? Object.keys(kinds);
  const rounds = Number(options['rounds'] ?? 2);
  const folder = mkdtempSync(join(tmpdir(), 'tripletlab-benchmark-'));
  const file = join(folder, 'rows.f32');
  const rows: Row[] = [];
  const notes = new Set<string>();
  try {
    for (const kind of chosen) {
      const data = embeddings(kind, n);
      writeFileSync(file, new Uint8Array(data.buffer));
      for (const threads of threadCounts) {
        const [ours, theirs]: [Measured[], Measured[]] = [[], []];
        for (let round = 0; round < rounds; round++) {
          const args = ['--import', 'tsx', 'test/benchmarks/neighbors.ts', 'search', file, String(threads)];
          ours.push(JSON.parse(execFileSync(process.execPath, args, { encoding: 'utf8' })) as Measured);
          const other = python<Measured>('neighbors.py', ['faiss', 'numpy'], { file, size: SIZE, k: K, threads });
          const found = resultOf(other, 'faiss', notes);
          if (found !== undefined) theirs.push(found);
        }
        if (theirs.length > 0) notes.add(`beside ours: ${theirs[0].program}`);
        const [seconds, processor] = [least(ours, 'seconds'), least(ours, 'processorSeconds')];
        rows.push({
          embeddings: `${n} x ${SIZE}, ${kind}`,
          threads,
          seconds,
          'processor s': processor,
          'GFLOP/s of all pairs': (2 * n * n * SIZE) / seconds / 1e9,
          'peak MiB, rows included': ours[0].peakMiB,
          ...(theirs.length > 0 && {
            'faiss s': least(theirs, 'seconds'),
            'its processor s': least(theirs, 'processorSeconds'),
            'its peak MiB': theirs[0].peakMiB,
            'times as fast': least(theirs, 'seconds') / seconds,
            // several threads of faiss wait busily
            'by processor time': threads === 1 ? least(theirs, 'processorSeconds') / processor : undefined,
            'none of its nearer': ours[0].first.filter(([item], i) => agrees(data, i, item, theirs[0].first[i])).length / CHECKED, // prettier-ignore
          }),
        });
        console.log(JSON.stringify(rows.at(-1)));
      }
    }
  } finally {
    rmSync(folder, { recursive: true });
  }
  return { rows, notes: [...notes] };
}

if (process.argv[2] === 'search') search(process.argv[3], Number(process.argv[4]));
