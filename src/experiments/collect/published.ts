import { readFileSync } from 'node:fs';
import { z } from 'zod';
import { parseYaml } from '../../configuration/yaml.js';
import { unknown, UsageError } from '../../errors.js';
import { tables, type TableRow } from '../tables/index.js';

/** Values from elsewhere, by table and row, as in `table-teachers: {"things, ste": 0.5}`. */
export type Published = Readonly<Record<string, Readonly<Record<string, number>>>>;

/** Returns the name of a row in a file of published values: `things, ste`. */
export const rowName = ({ data, name }: Pick<TableRow, 'data' | 'name'>): string => `${data}, ${name}`;

/**
 * Reads published values, a YAML file.
 *
 * @throws UsageError where it is missing, or names an unknown table or row
 */
export function loadPublished(file: string): Published {
  let text: string;
  try {
    text = readFileSync(file, 'utf8');
  } catch {
    throw new UsageError(`missing file: ${file}; give a YAML file with tables, their rows and a value for each`);
  }
  const parsed = z.record(z.string(), z.record(z.string(), z.number())).safeParse(parseYaml(text, file) ?? {});
  if (!parsed.success) {
    const [issue] = parsed.error.issues;
    throw new UsageError(`invalid published values: ${issue.path.join('.') || 'all'} in ${file}: ${issue.message}`);
  }
  for (const [name, rows] of Object.entries(parsed.data)) {
    const table = tables.find((one) => one.name === name);
    if (table === undefined)
      throw unknown(
        `table in ${file}`,
        name,
        tables.map((one) => one.name),
      );
    const known = table.rows.map(rowName);
    for (const row of Object.keys(rows))
      if (!known.includes(row)) throw unknown(`row of ${name} in ${file}`, row, known);
  }
  return parsed.data;
}
