import { RandomStream } from '../../src/random/stream.js';

/** Numbers of a row: those of the larger networks' embeddings. */
export const SIZE = 512;

type Fill = (row: Float32Array, i: number, rows: Float32Array, stream: RandomStream) => void;

/** Around centres, which are the first rows: so many, or so many of a number of rows. */
const clusters =
  (centers: number | ((n: number) => number), noise: number): Fill =>
  (row, i, rows, stream) => {
    const count = typeof centers === 'number' ? centers : centers(rows.length / SIZE);
    stream.fillNormal(row, 0, i < count ? 1 : noise);
    if (i < count) return;
    const from = (i % count) * SIZE;
    for (let k = 0; k < SIZE; k++) row[k] += rows[from + k] * Math.sqrt(SIZE); // centres are normalised by now
  };

/** SOP has as many classes as the centres of `classes`. */
const kinds = {
  isotropic: (row, _, __, stream) => {
    stream.fillNormal(row, 0, 1);
  },
  classes: clusters(11316, 0.5),
  'classes of five': clusters((n) => Math.ceil(n / 5), 0.5),
  'five of each': clusters(11316, 0),
  'near duplicates': clusters(11316, 1e-4),
  'collapsed to a point': clusters(1, 1e-3),
  'collapsed to 10 points': clusters(10, 1e-3),
  'collapsed to 100 points': clusters(100, 1e-3),
  'collapsed to 1000 points': clusters(1000, 1e-3),
} satisfies Record<string, Fill>;

export type Kind = keyof typeof kinds;
export const kindNames = Object.keys(kinds) as Kind[];

/** `[n, 512]` rows of norm 1. */
export function randomEmbeddings(kind: Kind, n: number): Float32Array {
  const rows = new Float32Array(n * SIZE);
  const stream = new RandomStream(1, kind);
  for (let i = 0; i < n; i++) {
    const row = rows.subarray(i * SIZE, (i + 1) * SIZE);
    kinds[kind](row, i, rows, stream);
    const norm = Math.sqrt(row.reduce((sum, value) => sum + value * value, 0));
    for (let k = 0; k < SIZE; k++) row[k] /= norm;
  }
  return rows;
}
