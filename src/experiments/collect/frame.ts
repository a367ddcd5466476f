import { UsageError } from '../../errors.js';
import { comparisonRecords, recordCells } from './columns.js';
import type { CollectedTable } from './collected.js';

/** The part of a danfojs DataFrame that is used here; in a cell, `as DataFrame` gives it all its methods. */
export interface DataFrameLike {
  readonly columns: string[];
  readonly values: unknown[];
  readonly shape: number[];
  head(rows?: number): DataFrameLike;
  drop(options: { columns: string[] }): DataFrameLike;
  print(): void;
  /** A column, by its name. */
  readonly [column: string]: unknown;
}

/**
 * Returns a collected table as danfojs frames: its rows, and all paired comparisons. danfojs is loaded by this call.
 *
 * Empty cells are NaN in columns of numbers.
 */
export async function tableFrames(table: CollectedTable): Promise<{ rows: DataFrameLike; comparisons: DataFrameLike }> {
  const { DataFrame } = (await import('danfojs-node').catch(() => {
    throw new UsageError('missing package: danfojs-node, which makes frames; run npm install danfojs-node@1.2.0');
  })) as { DataFrame: new (rows: readonly object[]) => DataFrameLike };
  const frame = (rows: readonly Readonly<Record<string, string | number | null>>[]) =>
    new DataFrame(rows.map((row) => Object.fromEntries(Object.entries(row).map(([key, cell]) => [key, cell ?? NaN]))));
  return { rows: frame(recordCells(table)), comparisons: frame(comparisonRecords(table)) };
}
