import { comparisonCells, recordCells } from './columns.js';
import type { CollectedTable } from './collected.js';

/**
 * A collected table as danfojs frames, loaded when they are asked for: its rows, and all paired comparisons.
 *
 * Empty cells are NaN in columns of numbers.
 */
export async function tableFrames(table: CollectedTable) {
  const { DataFrame } = await import('danfojs-node');
  const frame = (rows: readonly Readonly<Record<string, string | number | null>>[]) =>
    new DataFrame(rows.map((row) => Object.fromEntries(Object.entries(row).map(([key, cell]) => [key, cell ?? NaN]))));
  return { rows: frame(recordCells(table)), comparisons: frame(comparisonCells(table.comparisons)) };
}
