import type { Cells } from '../collect/columns.js';
import type { AblationResult } from './compare.js';

/** An ablation as flat records, a value each: its runs, and how much higher it is than the reference. */
export function ablationCells({ variants, table }: AblationResult): Cells[] {
  const students = variants.some(({ row, validation }) => validation !== null && !row.metric.endsWith('validation'));
  return variants.map(({ variant, row, validation, comparison }) => ({
    [table.varied]: variant.name,
    draws: row.n,
    mean: row.mean,
    sd: row.deviation,
    'low 95 %': row.interval?.low ?? null,
    'high 95 %': row.interval?.high ?? null,
    difference: comparison?.mean ?? null,
    'from 95 %': comparison?.interval?.low ?? null,
    'to 95 %': comparison?.interval?.high ?? null,
    p: comparison?.probability ?? null,
    'p, Holm': comparison?.corrected ?? null,
    ...(students && { validation: validation?.mean ?? null }),
    seconds: row.seconds,
  }));
}
