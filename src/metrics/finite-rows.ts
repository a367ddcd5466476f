import { UsageError } from '../errors.js';

const LISTED = 10;

/** Returns the rows of `[n, size]` with an infinite or NaN number, ascending; of all rows, or of those in `used`. */
export function brokenRows(data: ArrayLike<number>, size: number, used?: ArrayLike<number>): number[] {
  let at = 0;
  while (at < data.length && Number.isFinite(data[at])) at++;
  if (at === data.length) return []; // nearly always so, and faster than listing the rows
  const rows =
    used === undefined ? Array.from({ length: data.length / size }, (_, i) => i) : [...new Set(Array.from(used))];
  const isBroken = (row: number): boolean => {
    for (let at = row * size; at < (row + 1) * size; at++) if (!Number.isFinite(data[at])) return true;
    return false;
  };
  return rows.filter(isBroken).sort((a, b) => a - b);
}

/** Names rows for an error: `row 3`, or `rows 3, 5, 8`, or the first ten and how many there are. */
export function namedRows(rows: readonly number[]): string {
  const more = rows.length > LISTED ? `, ... (${rows.length} rows)` : '';
  return `row${rows.length > 1 ? 's' : ''} ${rows.slice(0, LISTED).join(', ')}${more}`;
}

/**
 * Throws for embeddings with infinite or NaN numbers: they make comparisons meaningless.
 *
 * @param used the rows that count (default: all)
 * @param what the error calls the embeddings
 * @throws UsageError naming the rows
 */
export function requireFinite(
  data: ArrayLike<number>,
  size: number,
  { used, what = 'embeddings' }: { used?: ArrayLike<number>; what?: string } = {},
): void {
  const rows = brokenRows(data, size, used);
  if (rows.length === 0) return;
  const bad = Array.from({ length: size }, (_, k) => data[rows[0] * size + k]).find((value) => !Number.isFinite(value));
  throw new UsageError(`invalid ${what}: ${bad} in ${namedRows(rows)}; train that model again or leave these rows out`);
}
