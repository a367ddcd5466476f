import { parse, type Options } from 'csv-parse/sync';

export type Delimiter = ',' | ';' | '\t';

const HEAD_BYTES = 65536;
const HEAD_ROWS = 50;

/**
 * Calls `visit` with the trimmed cells of each row that has any, and the number of its line from 1.
 *
 * @param bytes UTF-8
 * @throws CsvError where a quote is not closed; whatever `visit` throws
 */
export function forEachRow(
  bytes: Buffer,
  delimiter: Delimiter,
  visit: (cells: string[], line: number) => void,
  options: Options = {},
): void {
  let line = 0;
  parse(bytes, {
    ...options,
    delimiter,
    record_delimiter: ['\r\n', '\n', '\r'],
    relax_column_count: true,
    relax_quotes: true,
    // Would take the delimiter of empty cells too.
    trim: delimiter !== '\t',
    bom: true,
    on_record: (record: string[]) => {
      line++;
      const cells = record.map((cell) => cell.trim());
      if (cells.some((cell) => cell !== '')) visit(cells, line);
      // Not kept: what was made of it is much smaller.
      return null;
    },
  });
}

/**
 * The delimiter by which most of the first rows are understood, or else have three cells and more.
 *
 * @param isUnderstood are these cells a header, or names that are known?
 */
export function guessDelimiter(bytes: Buffer, isUnderstood: (cells: readonly string[]) => boolean): Delimiter {
  const scores = ([',', ';', '\t'] as const).map((delimiter) => ({
    delimiter,
    ...score(bytes, delimiter, isUnderstood),
  }));
  const [best] = scores.sort((a, b) => b.understood - a.understood || b.wide - a.wide);
  return best.delimiter;
}

function score(bytes: Buffer, delimiter: Delimiter, isUnderstood: (cells: readonly string[]) => boolean) {
  let [understood, wide] = [0, 0];
  const end = bytes.length > HEAD_BYTES ? bytes.lastIndexOf('\n', HEAD_BYTES) + 1 || HEAD_BYTES : bytes.length;
  try {
    forEachRow(
      bytes.subarray(0, end),
      delimiter,
      (cells) => {
        if (cells.length >= 3) wide++;
        if (isUnderstood(cells)) understood++;
      },
      { to: HEAD_ROWS },
    );
  } catch {
    // Of a quote that this delimiter does not close, the rows before it count.
  }
  return { understood, wide };
}
