import { Stream } from '../../src/random/stream.js';

/** Rows of float32 numbers, L2-normalised. @param positive as teachers' are: no number below 0 */
export function randomRows(n: number, size: number, seed: number, positive = false): number[][] {
  const stream = new Stream(seed, 'rows');
  return Array.from({ length: n }, () => {
    const row = new Array<number>(size).fill(0).map(() => (positive ? Math.max(stream.normal(), 0) : stream.normal()));
    if (Math.max(...row.map(Math.abs)) === 0) row[0] = 1;
    const norm = Math.hypot(...row);
    return row.map((x) => Math.fround(x / norm));
  });
}

/** `[n, T, size]`, each teacher its own. */
export const randomTeachers = (n: number, count: number, size: number, seed: number): number[][][] => {
  const each = Array.from({ length: count }, (_, t) => randomRows(n, size, seed + 100 * t, true));
  return Array.from({ length: n }, (_, i) => each.map((rows) => rows[i]));
};

/** One one-hot teacher. @param classes `[n]` */
export const oneHotTeachers = (classes: readonly number[]): number[][][] => {
  const size = Math.max(...classes) + 1;
  return classes.map((c) => [Array.from({ length: size }, (_, k) => Number(k === c))]);
};
