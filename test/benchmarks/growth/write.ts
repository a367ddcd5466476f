import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { format } from 'prettier';
import { UsageError } from '../../../src/errors.js';
import { writeFileAtomic } from '../../../src/files.js';
import { rounded, type Report, type Row } from '../report.js';
import { growthPage, type Content, type Stored } from './page.js';

export const FOLDER = 'test/benchmarks/growth';
export const STORED = join(FOLDER, 'measured.json');

/** Sizes are not rounded. */
const counts = (row: Row): Row =>
  Object.fromEntries(Object.entries(row).filter(([, value]) => Number.isInteger(value)));

/**
 * What a benchmark wrote, four digits each.
 *
 * @throws UsageError where it has not run
 */
function contentOf(name: string): Content {
  const file = `build/benchmarks/${name}.json`;
  if (!existsSync(file)) throw new UsageError(`missing file: ${file}; run npm run benchmark -- ${name}`);
  const { time, machine, versions, rows } = JSON.parse(readFileSync(file, 'utf8')) as Content;
  return { time, machine, versions, rows: rows.map((row) => ({ ...rounded(row), ...counts(row) })) };
}

/** Writes the page, its figures, and the numbers that they are made of. */
export async function writeGrowth(): Promise<Report> {
  const stored: Stored = { growth: contentOf('growth'), start: contentOf('start') };
  const { readme, figures } = await growthPage(stored);
  writeFileAtomic(STORED, await format(JSON.stringify(stored), { parser: 'json', printWidth: 120 }));
  writeFileAtomic(join(FOLDER, 'README.md'), readme);
  for (const [file, figure] of Object.entries(figures)) writeFileAtomic(join(FOLDER, file), figure);
  return {
    rows: [],
    notes: [`written: ${FOLDER}/README.md, measured.json and ${Object.keys(figures).length} figures`],
  };
}
