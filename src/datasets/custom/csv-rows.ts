import { parse, CsvError, type Options } from 'csv-parse/sync';

export type Delimiter = ',' | ';' | '\t';

// Parsed rows take some ten times as much memory as the text: parsing it part by part bounds the memory.
const PIECE_BYTES = 2 ** 20;
const HEAD_BYTES = 2 ** 16;
const HEAD_ROWS = 50;
const LINE_FEED = 10;

/**
 * Calls `visit` with the trimmed cells of each row that is not empty, and its line number from 1.
 *
 * @param bytes UTF-8
 * @throws CsvError where a quote is not closed; whatever `visit` throws
 */
export function forEachRow(bytes: Buffer, delimiter: Delimiter, visit: (cells: string[], line: number) => void): void {
  let line = 0;
  for (let start = 0, size = PIECE_BYTES; start < bytes.length;) {
    const end = endOfLine(bytes, start + size);
    let records: string[][];
    try {
      records = parseRows(bytes.subarray(start, end), delimiter);
    } catch (error) {
      if (!(error instanceof CsvError) || end === bytes.length) throw error;
      // A cell does not end in this part.
      size *= 2;
      continue;
    }
    for (const record of records) {
      line++;
      const cells = record.map((cell) => cell.trim());
      if (cells.some((cell) => cell !== '')) visit(cells, line);
    }
    start = end;
    size = PIECE_BYTES;
  }
}

/**
 * Finds the delimiter by which most of the first rows are understood, or else have at least three cells.
 *
 * @param isUnderstood are these cells a header, or names that are known?
 */
export function guessDelimiter(bytes: Buffer, isUnderstood: (cells: readonly string[]) => boolean): Delimiter {
  const head = bytes.subarray(0, endOfLine(bytes, HEAD_BYTES));
  const scores = ([',', ';', '\t'] as const).map((delimiter) => {
    let rows: string[][];
    try {
      rows = parseRows(head, delimiter, { to: HEAD_ROWS });
    } catch {
      // With this delimiter a quote is not closed.
      rows = [];
    }
    const wide = rows.filter((cells) => cells.length >= 3);
    return { delimiter, understood: wide.filter((cells) => isUnderstood(cells)).length, wide: wide.length };
  });
  const [best] = scores.sort((a, b) => b.understood - a.understood || b.wide - a.wide);
  return best.delimiter;
}

function parseRows(bytes: Buffer, delimiter: Delimiter, options: Options = {}): string[][] {
  return parse(bytes, {
    ...options,
    delimiter,
    record_delimiter: ['\r\n', '\n', '\r'],
    relax_column_count: true,
    relax_quotes: true,
    // Trimming would also remove tabs, which delimit empty cells.
    trim: delimiter !== '\t',
    bom: true,
  }) as string[][];
}

/** Returns where the present line ends, including its line break. */
function endOfLine(bytes: Buffer, from: number): number {
  const end = from < bytes.length ? bytes.indexOf(LINE_FEED, from) : -1;
  return end < 0 ? bytes.length : end + 1;
}
