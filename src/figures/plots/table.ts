import { html } from '../../html/template.js';

/** The part of a danfojs DataFrame that is used here. */
export interface Frame {
  readonly columns: readonly string[];
  readonly values: readonly unknown[];
}

export interface TableOptions {
  caption?: string;
  /** Significant digits of numbers that are not integers. */
  digits?: number;
}

const defaults = { caption: '', digits: 4 };

function cellText(value: unknown, digits: number): string {
  if (value === null || value === undefined) return '';
  if (typeof value === 'number') {
    if (Number.isNaN(value)) return '';
    return Number.isInteger(value) ? String(value) : String(Number(value.toPrecision(digits)));
  }
  return typeof value === 'object' ? JSON.stringify(value) : String(value as string | bigint | boolean);
}

const LONGEST_WORD = 14;

function isFrame(table: Frame | readonly Readonly<Record<string, unknown>>[]): table is Frame {
  return !Array.isArray(table);
}

/**
 * Shows a danfojs DataFrame or an array of records as an HTML table with a caption and column headings; the first
 * column names each row. Missing values and NaN are empty cells.
 */
export function tableHtml(
  table: Frame | readonly Readonly<Record<string, unknown>>[],
  options: TableOptions = {},
): string {
  const { caption, digits } = { ...defaults, ...options };
  const columns = isFrame(table) ? table.columns : [...new Set(table.flatMap((record) => Object.keys(record)))];
  const rows = isFrame(table)
    ? table.values.map((row) => (Array.isArray(row) ? (row as unknown[]) : [row]))
    : table.map((record) => columns.map((column) => record[column]));
  const numeric = columns.map((_, c) =>
    rows.every((row) => row[c] === null || row[c] === undefined || typeof row[c] === 'number'),
  );
  // longer words are broken
  const widths = columns.map((column, c) => {
    const words = [String(column), ...rows.map((row) => cellText(row[c], digits))].flatMap((text) => text.split(/\s/));
    return Math.min(LONGEST_WORD, Math.max(...words.map(({ length }) => length)));
  });
  const style = (c: number, wrap = 'anywhere'): string =>
    `padding:4px 10px;text-align:${numeric[c] ? 'right;font-variant-numeric:tabular-nums' : `left;min-width:${widths[c] + 1}ch;overflow-wrap:${wrap}`}`;
  const head = columns.map((column, c) => html`<th scope="col" style="${style(c)}">${String(column)}</th>`);
  const body = rows.map((row) => {
    const cells = columns.map((_, c) => {
      const text = cellText(row[c], digits);
      if (c > 0) return html`<td style="${style(c)}">${text}</td>`;
      return html`<th scope="row" style="${style(c, 'break-word')}">${text}</th>`;
    });
    return html`<tr>${cells}</tr>`;
  });
  const title = caption ? html`<caption style="text-align:left;font-weight:bold">${caption}</caption>` : undefined;
  return html`
    <table style="border-collapse:collapse;font-size:16px">${title}<thead><tr>${head}</tr></thead>
    <tbody>${body}</tbody></table>
  `.toString();
}
