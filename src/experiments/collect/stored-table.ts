import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { UsageError } from '../../errors.js';
import { packageRoot } from '../../assets.js';
import { findTable } from '../tables/index.js';
import { compareRows } from './collect.js';
import type { CollectedTable } from './collected.js';
import { parseTableJson } from './collected-json.js';

/**
 * Reads a table that was collected from real runs and is kept with the notebooks; undefined where none is kept.
 *
 * @throws UsageError where there is no such table, or the file holds another one
 */
export function storedTable(name: string): CollectedTable | undefined {
  const file = join(packageRoot(), 'notebooks', 'results', `${findTable(name).name}.json`);
  if (!existsSync(file)) return undefined;
  try {
    const table = parseTableJson(readFileSync(file, 'utf8'));
    if (table.format !== 1 || !Array.isArray(table.rows)) throw new SyntaxError('another format');
    return { ...table, comparisons: compareRows(table.rows, table.table) };
  } catch {
    throw new UsageError(`invalid table: ${file}; collect it again`);
  }
}
