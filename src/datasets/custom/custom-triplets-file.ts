import { UsageError } from '../../errors.js';
import type { DataFolder } from '../data-folder.js';
import { forEachRow, guessDelimiter } from './csv-rows.js';
import { PictureCells } from './picture-cells.js';
import { decodeText } from './text-encoding.js';
import { cachedTriplets } from './triplet-cache.js';
import { TripletRows, type CustomTriplets } from './triplet-rows.js';

export const TRIPLETS_FILE = 'triplets.csv';

/**
 * Reads `triplets.csv`: three pictures a row.
 *
 * Cells are separated by commas, semicolons or tabs. A first row that names no picture is a header, which must name all
 * three columns. A picture is given by its name, with or without folder and extension; by the number in its name, where
 * the names are one series; or, where names have no numbers, by its position in sorted order from 0.
 *
 * @param pictures paths below `images/`, sorted
 * @throws UsageError naming file and line where a row is not three pictures, or an unknown one
 */
export function readCustomTriplets(folder: DataFolder, pictures: readonly string[]): CustomTriplets {
  return cachedTriplets(folder, TRIPLETS_FILE, pictures, (bytes) => parseTriplets(folder, bytes, pictures));
}

function parseTriplets(folder: DataFolder, file: Buffer, pictures: readonly string[]): CustomTriplets {
  const text = decodeText(file);
  if (text === null)
    throw folder.invalid(TRIPLETS_FILE, null, 'not a text in UTF-8, UTF-16 or Windows-1252; save it as CSV UTF-8');
  const cells = new PictureCells(folder, TRIPLETS_FILE, pictures, text.encoding);
  const rows = new TripletRows(folder, TRIPLETS_FILE, cells);
  try {
    forEachRow(text.bytes, guessDelimiter(text.bytes, rows.isUnderstood.bind(rows)), (row, line) => {
      rows.add(row, line);
    });
  } catch (error) {
    if (error instanceof UsageError) throw error;
    throw folder.invalid(TRIPLETS_FILE, null, (error as Error).message);
  }
  return rows.finish();
}
