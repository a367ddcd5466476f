import { FEW_TRIPLETS, metricWords } from '../../catalogue/metric-words.js';
import type { CollectedTable } from './collected.js';
import { LEVEL } from '../../statistics/permutation-test.js';
import { FEWEST_RUNS, MARGIN } from '../../statistics/verdict.js';
import {
  comparisonCells,
  missingIntervals,
  printed,
  rowCells,
  withoutShortIntervals,
  withReference,
  type Cell,
  type Cells,
} from './columns.js';

/**
 * Writes rows as RFC 4180: fields with a comma, a quote or a line break are quoted, quotes doubled; numbers in full.
 */
export function csv(rows: readonly Cells[]): string {
  const field = (value: string): string => (/[",\r\n]/.test(value) ? `"${value.replaceAll('"', '""')}"` : value);
  const lines = rows.map((row) => Object.values(row).map((cell) => field(cell === null ? '' : String(cell))));
  const head = Object.keys(rows.at(0) ?? {}).map(field);
  return [head, ...lines].map((line) => `${line.join(',')}\n`).join('');
}

const isNumeric = (cell: Cell): boolean => typeof cell !== 'string' || cell === '-';

const markdownText = (text: string): string => text.replace(/[\\`*_{}[\]<>#|~&]/g, '\\$&').replace(/[\r\n]+/g, ' ');

function markdownTable(rows: readonly Cells[]): string {
  if (rows.length === 0) return '';
  const columns = Object.keys(rows[0]);
  const line = (cells: readonly string[]): string => `| ${cells.join(' | ')} |\n`;
  const right = columns.map((column) => rows.every((row) => isNumeric(row[column])));
  return (
    line(columns.map(markdownText)) +
    line(right.map((one) => (one ? '---:' : '---'))) +
    rows.map((row) => line(columns.map((column) => markdownText(printed(column, row[column]))))).join('')
  );
}

const special: Readonly<Record<string, string>> = {
  '\\': '\\textbackslash{}',
  '~': '\\textasciitilde{}',
  '^': '\\textasciicircum{}',
  '<': '\\textless{}',
  '>': '\\textgreater{}',
  '|': '\\textbar{}',
};
const latexText = (text: string): string =>
  text.replace(/[\\~^<>|]|[&%$#_{}]/g, (letter) => special[letter] ?? `\\${letter}`).replace(/[\r\n]+/g, ' ');

function latexTable(rows: readonly Cells[]): string {
  if (rows.length === 0) return '';
  const columns = Object.keys(rows[0]);
  const line = (cells: readonly string[]): string => `${cells.map(latexText).join(' & ')} \\\\\n`;
  const layout = columns.map((column) => (rows.every((row) => isNumeric(row[column])) ? 'r' : 'l')).join('');
  return (
    `\\begin{tabular}{${layout}}\n\\hline\n${line(columns)}\\hline\n` +
    rows.map((row) => line(columns.map((column) => printed(column, row[column])))).join('') +
    '\\hline\n\\end{tabular}\n'
  );
}

/** Returns the remarks that belong to the numbers, one sentence each. */
function remarks(table: CollectedTable): string[] {
  const open = table.rows.reduce((sum, { wanted, n }) => sum + wanted - n, 0);
  return [
    `Profile ${table.profile}.`,
    ...table.deviations.map((note) => `Differs from the original: ${note}.`),
    ...table.corrections.map((note) => `Corrected: ${note}.`),
    ...table.data.map((note) => `Data: ${note}.`),
    ...(open > 0 ? [`${open} runs are not there yet.`] : []),
    ...(table.engines.length > 0 ? [`Computed by ${table.engines.join(', ')} on ${table.machines.join('; ')}.`] : []),
    ...(table.rows.some(({ ceiling }) => ceiling !== undefined)
      ? [
          'Ceiling: the best FCT that an embedding can expect on these triplets, estimated from questions that were asked more than once, mean over splits; empty where too few were.',
        ]
      : []),
    'Seconds: of a training, mean over runs; teachers train together, and theirs are of all of a split.',
    'Intervals of rows: bootstrap over runs, percentiles of 95 %; with few runs they are too short.',
    "Differences: over runs of equal split, repetition and seed; intervals of 95 % by Student's t; p by a paired sign-flip permutation test, and corrected for all comparisons of a data set by Holm's method.",
    `Verdict: higher or lower where p by Holm is ${LEVEL} at most; equivalent where the 90 % interval of ${FEWEST_RUNS} pairs or more lies within ${MARGIN} of 0; else undecided.`,
  ];
}

/** The rows and comparisons of a table as they are printed, and the remarks on them. */
function printedParts(table: CollectedTable): { rows: Cells[]; compared: Cells[]; remarks: string[] } {
  const rows = withoutShortIntervals(rowCells(table));
  const compared = withoutShortIntervals(comparisonCells(withReference(table)));
  const missing = missingIntervals([...rows, ...compared]);
  return { rows, compared, remarks: [...(missing === undefined ? [] : [`${missing}.`]), ...remarks(table)] };
}

/** Spells out the metrics of a table and warns of rows on few triplets, above its numbers. */
function grounds({ rows }: CollectedTable): string {
  const metrics = new Set(rows.flatMap(({ metric }) => (metric === '' ? [] : metricWords(metric.split(',')[0]))));
  const few = rows.flatMap(({ over, data, name }) => {
    const [, count] = /^(\d+)(?: to \d+)? triplets$/.exec(over) ?? [];
    return count !== undefined && Number(count) < FEW_TRIPLETS ? `${data}, ${name}` : [];
  });
  const warning = few.length === 0 ? '' : ` Fewer than ${FEW_TRIPLETS} triplets, so that differences mean little: ${few.join('; ')}.`; // prettier-ignore
  return metrics.size === 0 ? '' : `Measured: ${[...metrics].join('; ')}.${warning}`;
}

/** Formats the table with its paired comparisons and all remarks as Markdown. */
export function markdown(table: CollectedTable): string {
  const { rows, compared, remarks: said } = printedParts(table);
  const measured = grounds(table);
  return [
    `### ${markdownText(table.title)}\n`,
    ...(measured === '' ? [] : [`${markdownText(measured)}\n`]),
    markdownTable(rows),
    ...(compared.length > 0 ? [`Compared with ${markdownText(table.reference)}:\n`, markdownTable(compared)] : []),
    said.map((remark) => `- ${markdownText(remark)}\n`).join(''),
  ].join('\n');
}

/** Formats the table as LaTeX, for a document without packages. */
export function latex(table: CollectedTable): string {
  const { rows, compared, remarks: said } = printedParts(table);
  return [
    `\\begin{table}\n\\caption{${latexText(table.title)}}\n\\label{${table.table}}\n\\centering\n`,
    latexText(grounds(table)),
    latexTable(rows),
    ...(compared.length > 0 ? [`\n\\medskip\nCompared with ${latexText(table.reference)}:\n\n`, latexTable(compared)] : []), // prettier-ignore
    `\n\\begin{itemize}\n${said
      .map((remark) => `\\item ${latexText(remark)}\n`)
      .join('')}\\end{itemize}\n\\end{table}\n`,
  ].join('');
}
