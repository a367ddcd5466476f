import { rounded, tables, type Row } from '../benchmarks/report.js';
import type { Found, Part } from './part.js';

export interface PartReport extends Pick<Part, 'name' | 'title'>, Found {
  readonly status: 'passed' | 'failed' | 'skipped' | 'not reached';
  readonly seconds: number;
}

export interface Report {
  readonly format: 1;
  readonly time: string;
  readonly engine: string;
  readonly dry: boolean;
  readonly node: string;
  readonly parts: readonly PartReport[];
}

const cell = (value: Row[string]): string => String(value ?? '').replaceAll('|', '\\|');

function table(rows: readonly Row[]): string[] {
  const columns = [...new Set(rows.flatMap((row) => Object.keys(row)))];
  const line = (cells: readonly string[]): string => `| ${cells.join(' | ')} |`;
  const body = rows.map(rounded).map((row) => line(columns.map((column) => cell(row[column]))));
  return [line(columns), line(columns.map(() => '---')), ...body, ''];
}

/** The report as a page: a table for each part, its failures and notes. */
export function markdown({ time, engine, dry, node, parts }: Report): string {
  const lines = [
    `# Proof of ${engine}`,
    '',
    `${time}, Node.js ${node}. ${dry ? 'A dry run: small sizes on the processor, whose numbers mean nothing.' : ''}`.trim(),
    '',
    ...table(parts.map(({ name, status, seconds }) => ({ part: name, status, seconds }))),
  ];
  for (const { title, status, rows = [], notes = [], failures = [], skipped } of parts) {
    lines.push(`## ${title}`, '');
    if (skipped !== undefined) lines.push(`${status === 'skipped' ? 'Skipped' : 'Not reached'}: ${skipped}.`, '');
    for (const failure of failures) lines.push(`- **${failure}**`);
    if (failures.length > 0) lines.push('');
    for (const group of tables(rows)) lines.push(...table(group));
    for (const note of notes) lines.push(`- ${note}`);
    if (notes.length > 0) lines.push('');
  }
  return `${lines.join('\n').trimEnd()}\n`;
}
