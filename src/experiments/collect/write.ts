import { join } from 'node:path';
import { writeFileAtomic } from '../../files.js';
import type { CollectedTable } from './collected.js';
import { tableJson } from './collected-json.js';
import { comparisonRecords, recordCells } from './columns.js';
import { csv, latex, markdown } from './formats.js';

/** The formats of a collected table, by their names on the command line. */
export const tableFormats = {
  markdown,
  latex,
  csv: (table: CollectedTable) => csv(recordCells(table)),
  json: tableJson,
} as const satisfies Record<string, (table: CollectedTable) => string>;

/** Writes a table in all formats into a folder: `TABLE.json`, `.md`, `.tex`, `.csv`, `TABLE-comparisons.csv`. */
export function writeTable(table: CollectedTable, folder: string): string[] {
  const files = {
    [`${table.table}.json`]: tableFormats.json(table),
    [`${table.table}.md`]: markdown(table),
    [`${table.table}.tex`]: latex(table),
    [`${table.table}.csv`]: tableFormats.csv(table),
    [`${table.table}-comparisons.csv`]: csv(comparisonRecords(table)),
  };
  return Object.entries(files).map(([name, content]) => {
    const file = join(folder, name);
    writeFileAtomic(file, content);
    return file;
  });
}
