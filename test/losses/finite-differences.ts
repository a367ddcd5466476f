import type { Rows } from './naive.js';

/** The slope of a function of rows by every number, central differences: `[n, d]`. */
export function finiteDifferences(rows: Rows, f: (rows: Rows) => number, step = 1e-5): number[] {
  const moved = (i: number, k: number, x: number): number => f(rows.map((row, r) => (r === i ? row.with(k, x) : row)));
  return rows.flatMap((row, i) => row.map((x, k) => (moved(i, k, x + step) - moved(i, k, x - step)) / (2 * step)));
}
