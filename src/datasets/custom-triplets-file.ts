import { parse } from 'csv-parse/sync';
import type { DataFolder } from './data-folder.js';
import { PICTURE_FOLDER } from './custom-folder.js';
import { PictureNames } from './custom-names.js';
import { excerpt } from './index-triplets.js';

export const TRIPLETS_FILE = 'triplets.csv';

/** Columns that a header may name, in any order among others, by their place in a triplet. */
const columnNames: Readonly<Record<string, 0 | 1 | 2 | undefined>> = {
  anchor: 0,
  head: 0,
  query: 0,
  near: 1,
  winner: 1,
  positive: 1,
  far: 2,
  loser: 2,
  negative: 2,
  odd: 2,
};

/** What the file says. */
export interface CustomTriplets {
  /** `[3m] int32`: numbers of pictures, three a row, repeats kept. */
  readonly triplets: Int32Array;
  /** Are they numbers in the file, too? */
  readonly byNumber: boolean;
  readonly notes: readonly string[];
}

/** A row of the file: its line and its cells. */
interface Row {
  readonly line: number;
  readonly cells: readonly string[];
}

/**
 * Reads `triplets.csv`: three pictures a row.
 *
 * Cells are parted by commas, semicolons or tabs; a first row that names no picture is a header. A picture goes by its
 * name, with or without folder and extension, or, in a file whose first row has no such names, by its number in sorted
 * order from 0.
 *
 * @param pictures paths below `images/`, sorted
 * @throws UsageError naming file and line where a row is not three pictures, or an unknown one
 */
export function readCustomTriplets(folder: DataFolder, pictures: readonly string[]): CustomTriplets {
  const rows = parseRows(folder, folder.read(TRIPLETS_FILE));
  if (rows.length === 0) throw folder.invalid(TRIPLETS_FILE, null, 'no rows');
  const names = new PictureNames(pictures);
  const header = headerOf(rows[0], names);
  const body = header === null ? rows : rows.slice(1);
  if (body.length === 0) throw folder.invalid(TRIPLETS_FILE, null, 'a header and no rows');
  const columns = header?.columns ?? null;
  const first = tripletOf(folder, body[0], columns);
  const byNumber = first.every(isNumber) && first.some((cell) => names.find(cell) === -1);
  const known = new Map<string, number>();
  const find = (cell: string, line: number): number => {
    let picture = known.get(cell);
    if (picture === undefined) {
      picture = byNumber
        ? numbered(folder, cell, line, pictures.length)
        : named(folder, cell, line, names, pictures.length);
      known.set(cell, picture);
    }
    return picture;
  };
  const triplets = new Int32Array(3 * body.length);
  body.forEach((row, i) => {
    const cells = tripletOf(folder, row, columns);
    for (let place = 0; place < 3; place++) triplets[3 * i + place] = find(cells[place], row.line);
  });
  const notes =
    header !== null && columns === null
      ? [`the first line of ${TRIPLETS_FILE} is taken for a header: ${rows[0].cells.join(', ')}`]
      : [];
  return { triplets, byNumber, notes };
}

function parseRows(folder: DataFolder, bytes: Buffer): Row[] {
  const head = bytes.subarray(0, 65536).toString('utf8');
  const delimiter = ['\t', ';'].find((character) => head.includes(character)) ?? ',';
  let records: string[][];
  try {
    records = parse(bytes, {
      delimiter,
      record_delimiter: ['\r\n', '\n', '\r'],
      relax_column_count: true,
      relax_quotes: true,
      trim: delimiter !== '\t',
      bom: true,
    });
  } catch (error) {
    throw folder.invalid(TRIPLETS_FILE, null, (error as Error).message);
  }
  // A record is a line: names of pictures have no line breaks in them.
  return records
    .map((cells, i) => ({ line: i + 1, cells }))
    .filter(({ cells }) => cells.some((cell) => cell.trim() !== ''));
}

/** The header and which columns it names as anchor, near and far, if it does; null where the row has a picture. */
function headerOf({ cells }: Row, names: PictureNames): { columns: readonly number[] | null } | null {
  if (cells.some((cell) => isNumber(cell) || names.find(cell.trim()) !== -1)) return null;
  const columns = [-1, -1, -1];
  cells.forEach((cell, column) => {
    const name = cell.trim().toLowerCase();
    const place = Object.hasOwn(columnNames, name) ? columnNames[name] : undefined;
    if (place !== undefined && columns[place] === -1) columns[place] = column;
  });
  return columns.includes(-1) ? (isHeader(cells) ? { columns: null } : null) : { columns };
}

/** Cells that look like files are pictures, if unknown ones. */
function isHeader(cells: readonly string[]): boolean {
  return !cells.some((cell) => /[./\\]/.test(cell));
}

function tripletOf(folder: DataFolder, { line, cells }: Row, columns: readonly number[] | null): readonly string[] {
  const chosen = columns === null ? cells : columns.map((column) => cells.at(column) ?? '');
  const triplet = chosen.map((cell) => cell.trim());
  if (triplet.length === 3 && triplet.every((cell) => cell !== '')) return triplet;
  const text = Buffer.from(cells.join(','));
  throw folder.invalid(TRIPLETS_FILE, line, `'${excerpt(text, 0, text.length)}' is not three pictures`);
}

function isNumber(cell: string): boolean {
  return /^\s*\d+\s*$/.test(cell);
}

function numbered(folder: DataFolder, cell: string, line: number, pictures: number): number {
  const number = isNumber(cell) ? Number(cell) : NaN;
  if (number < pictures) return number;
  const text = Buffer.from(cell);
  throw folder.invalid(
    TRIPLETS_FILE,
    line,
    `${excerpt(text, 0, text.length)} is no picture: the first row has numbers, and there are ${pictures}, counted from 0`,
  );
}

function named(folder: DataFolder, cell: string, line: number, names: PictureNames, pictures: number): number {
  const number = names.find(cell);
  if (number >= 0) return number;
  const text = Buffer.from(cell);
  const problem = number === -1 ? `is none of the ${pictures} pictures` : 'means several pictures';
  throw folder.invalid(
    TRIPLETS_FILE,
    line,
    `${excerpt(text, 0, text.length)} ${problem} of ${folder.path(PICTURE_FOLDER)}`,
  );
}
