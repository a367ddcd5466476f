import { readFileSync } from 'node:fs';
import { UsageError } from '../../errors.js';
import { forEachRow, guessDelimiter } from '../custom/csv-rows.js';
import { ACCEPTED_COLUMNS, tripletColumns } from '../custom/custom-columns.js';
import { decodeText } from '../custom/text-encoding.js';

/** Is a data frame, such as one of danfojs: the names of its columns, and its rows. */
export interface Frame {
  readonly columns: readonly string[];
  readonly values: readonly unknown[] | readonly (readonly unknown[])[];
}

/**
 * Is what triplets are given as: numbers of items `[3m]`, rows of three items by name or number, a frame, or the path of
 * a CSV file. The columns of the last two are found by their names, as `anchor, positive, negative`.
 */
export type TripletSource = Int32Array | readonly (readonly (string | number)[])[] | Frame | string;

/** Holds triplets as rows of three cells, in the order anchor, positive, negative or with the odd one last. */
export interface TripletTable {
  readonly rows: readonly (readonly (string | number)[])[];
  /** What the names of columns say: is the first the anchor? Null where they do not say. */
  readonly directed: boolean | null;
}

/** Reads triplets from what they are given as. @throws UsageError where a row is not three items */
export function tripletTable(source: TripletSource): TripletTable {
  if (source instanceof Int32Array) {
    if (source.length % 3 !== 0)
      throw new UsageError(`invalid triplets: ${source.length} numbers; give three for each triplet`);
    return plain(Array.from({ length: source.length / 3 }, (_, i) => [...source.subarray(3 * i, 3 * i + 3)]));
  }
  if (typeof source === 'string') return ofCsv(source);
  if ('columns' in source) return chosen(source.columns, source.values as readonly (readonly unknown[])[], 'the frame');
  return plain(source);
}

function plain(rows: readonly (readonly unknown[])[]): TripletTable {
  return { rows: rows.map((row, i) => threeCells(row, `row ${i}`)), directed: null };
}

function ofCsv(file: string): TripletTable {
  const text = decodeText(readFileSync(file));
  if (text === null) throw new UsageError(`invalid triplets: ${file} is no text; save it as CSV UTF-8`);
  const rows: string[][] = [];
  const delimiter = guessDelimiter(text.bytes, (cells) => tripletColumns(cells) !== null);
  forEachRow(text.bytes, delimiter, (cells) => void rows.push(cells));
  const [header, ...others] = rows;
  if (header === undefined) throw new UsageError(`invalid triplets: ${file} has no rows; give three items a row`);
  return tripletColumns(header) === null && header.length === 3 ? plain(rows) : chosen(header, others, file);
}

/** Takes the columns of a table that its header names. */
function chosen(header: readonly string[], rows: readonly (readonly unknown[])[], place: string): TripletTable {
  const found = tripletColumns(header.map(String));
  if (found === null)
    throw new UsageError(`invalid columns of ${place}: ${header.join(', ')}; name them ${ACCEPTED_COLUMNS}`);
  return {
    rows: rows.map((row, i) =>
      threeCells(
        found.columns.map((column) => row[column]),
        `row ${i} of ${place}`,
      ),
    ),
    directed: found.directed,
  };
}

function threeCells(row: readonly unknown[], place: string): (string | number)[] {
  const cells = row.filter((cell) => (typeof cell === 'string' && cell !== '') || Number.isInteger(cell));
  if (row.length === 3 && cells.length === 3) return cells as (string | number)[];
  throw new UsageError(`invalid triplet: ${JSON.stringify(row)} in ${place}; give three items by name or number`);
}
