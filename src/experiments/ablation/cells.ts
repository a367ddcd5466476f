import type { Interval } from '../../statistics/bootstrap.js';
import type { Cells } from '../collect/columns.js';
import type { AblationResult } from './compare.js';

const range = (interval: Interval | null): string =>
  interval === null ? '' : `${interval.low.toFixed(3)} to ${interval.high.toFixed(3)}`;

/** Returns an ablation as flat records, one for each value: its runs, and its difference to the reference. */
export function ablationCells({ variants, table }: AblationResult): Cells[] {
  const students = variants.some(({ row, validation }) => validation !== null && !row.metric.includes(', validation'));
  return variants.map(({ variant, row, validation, comparison }) => ({
    [table.varied]: variant.name,
    draws: row.n,
    mean: row.mean,
    sd: row.standardDeviation,
    '95 % interval': range(row.interval),
    difference: comparison?.mean ?? null,
    '95 % interval of it': range(comparison?.interval ?? null),
    p: comparison?.pValue ?? null,
    'p, Holm': comparison?.corrected ?? null,
    ...(students && { validation: validation?.mean ?? null }),
  }));
}
