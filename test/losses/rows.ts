import { embedOrdinalRows } from '../../src/teachers/ordinal-table.js';
import { RandomStream } from '../../src/random/stream.js';

/** Rows of float32 numbers, L2-normalised. @param positive as teachers' are: no number below 0 */
export function randomRows(n: number, size: number, seed: number, positive = false): number[][] {
  const stream = new RandomStream(seed, 'rows');
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

/** `[n, T, size]` as `Ordinal` teachers are saved: signs and lengths of all kinds, about a mean of 0. */
export function ordinalTeachers(n: number, count: number, size: number, seed: number): number[][][] {
  const identity = Int32Array.from({ length: n }, (_, i) => i);
  const each = Array.from({ length: count }, (_, t) => {
    const table = new Float32Array(n * size);
    new RandomStream(seed + 100 * t, 'tables').fillNormal(table, 2, 5);
    return embedOrdinalRows(table, identity, size);
  });
  return Array.from({ length: n }, (_, i) => each.map((rows) => [...rows.subarray(i * size, (i + 1) * size)]));
}

/** One one-hot teacher. @param classes `[n]` */
export const oneHotTeachers = (classes: readonly number[]): number[][][] => {
  const size = Math.max(...classes) + 1;
  return classes.map((c) => [Array.from({ length: size }, (_, k) => Number(k === c))]);
};
