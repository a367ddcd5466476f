import type { DataFolder } from '../data-folder.js';
import { excerpt, grown } from '../index-triplets.js';
import { NameTable } from './name-table.js';

const [SPACE, TAB, LINE_FEED, CARRIAGE_RETURN, SEMICOLON] = [32, 9, 10, 13, 59];
const PREFIX = 'images/';
const SUFFIX = '.jpg';
const prefix = Buffer.from(PREFIX);
const suffix = Buffer.from(SUFFIX);

/** Makes a table of the names of pictures without folder and `.jpg`, numbered in order. */
export function pictureTable(names: Iterable<string> = []): NameTable {
  return new NameTable(PREFIX, SUFFIX, names);
}

/**
 * Parses triplets of rows `images/A.jpg; images/B.jpg; images/C.jpg` (anchor, positive, negative), with repeats:
 * `[3m] int32`, the numbers of the names in the table.
 *
 * @param open new names are added to the table; otherwise they are errors
 * @throws UsageError naming file and line where a row has not three pictures, or an unknown one
 */
export function parsePictureTriplets(
  bytes: Uint8Array,
  table: NameTable,
  open: boolean,
  folder: DataFolder,
  name: string,
): Int32Array {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  let result: Int32Array = new Int32Array(1024);
  let n = 0;
  let line = 1;
  for (let i = 0; i < bytes.length; line++) {
    if (n + 3 > result.length) result = grown(result);
    const row = i;
    let fields = 0;
    for (;;) {
      let start = i;
      while (start < bytes.length && isBlank(bytes[start])) start++;
      let picture = table.guess(view, start);
      i = picture < 0 ? start : start + table.lengthOf(picture);
      if (i < bytes.length && bytes[i] !== SEMICOLON && bytes[i] !== LINE_FEED) {
        while (i < bytes.length && bytes[i] !== SEMICOLON && bytes[i] !== LINE_FEED) i++;
        let end = i;
        while (end > start && isBlank(bytes[end - 1])) end--;
        if (end - start >= prefix.length && spelled(bytes, start, prefix)) start += prefix.length;
        if (end - start >= suffix.length && spelled(bytes, end - suffix.length, suffix)) end -= suffix.length;
        picture = -1;
        if (end > start) picture = open ? table.add(bytes, start, end) : table.find(bytes, start, end);
        if (picture < 0)
          throw folder.invalid(
            name,
            line,
            `${excerpt(bytes, start, end)}.jpg is no picture of ${folder.path('images')}`,
          );
      }
      if (picture < 0) {
        fields = -1;
        break;
      }
      if (fields < 3) result[n + fields] = picture;
      fields++;
      if (i >= bytes.length || bytes[i] === LINE_FEED) break;
      i++;
    }
    if (fields !== 3) throw folder.invalid(name, line, `'${lineAt(bytes, row)}' is not three pictures`);
    n += 3;
    i++;
  }
  return result.slice(0, n);
}

function isBlank(byte: number): boolean {
  return byte === SPACE || byte === TAB || byte === CARRIAGE_RETURN;
}

function spelled(bytes: Uint8Array, start: number, text: Uint8Array): boolean {
  for (let i = 0; i < text.length; i++) if (bytes[start + i] !== text[i]) return false;
  return true;
}

function lineAt(bytes: Uint8Array, start: number): string {
  const end = bytes.indexOf(LINE_FEED, start);
  return excerpt(bytes, start, end < 0 ? bytes.length : end);
}
