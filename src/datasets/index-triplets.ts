import type { DataFolder } from './data-folder.js';

const [SPACE, TAB, LINE_FEED, CARRIAGE_RETURN, ZERO, NINE] = [32, 9, 10, 13, 48, 57];
// More than any index, and small enough that ten times it plus nine is exact.
const TOO_LARGE = 2 ** 40;

/**
 * Parses triplets of a text file, three indexes a line with blanks between, and replaces each index by what it means:
 * `[3m] int32`.
 *
 * @param meaning `[n]`: the meaning of index i
 * @throws UsageError naming file and line where a line has not three indexes below n
 */
export function parseIndexTriplets(
  bytes: Uint8Array,
  meaning: Int32Array,
  folder: DataFolder,
  name: string,
): Int32Array {
  let result: Int32Array = new Int32Array(1024);
  let n = 0;
  let line = 1;
  for (let i = 0; i < bytes.length; line++) {
    if (n + 3 > result.length) result = grown(result);
    const start = i;
    let found = 0;
    let clean = true;
    while (i < bytes.length && bytes[i] !== LINE_FEED) {
      const byte = bytes[i];
      if (byte >= ZERO && byte <= NINE) {
        let value = 0;
        for (; i < bytes.length && bytes[i] >= ZERO && bytes[i] <= NINE; i++)
          if (value < TOO_LARGE) value = value * 10 + bytes[i] - ZERO;
        if (value >= meaning.length)
          throw folder.invalid(
            name,
            line,
            `index ${value} is out of range, there are ${meaning.length}, counted from 0`,
          );
        if (found < 3) result[n + found] = meaning[value];
        found++;
        clean &&= i === bytes.length || isBlank(bytes[i]) || bytes[i] === LINE_FEED;
      } else {
        clean &&= isBlank(byte);
        i++;
      }
    }
    if (found !== 3 || !clean) throw folder.invalid(name, line, `'${excerpt(bytes, start, i)}' is not three indexes`);
    n += 3;
    i++;
  }
  return result.slice(0, n);
}

function isBlank(byte: number): boolean {
  return byte === SPACE || byte === TAB || byte === CARRIAGE_RETURN;
}

/** Returns the array with twice its length, zeros at the end. */
export function grown(array: Int32Array): Int32Array {
  const larger = new Int32Array(2 * array.length);
  larger.set(array);
  return larger;
}

/** Returns the start of a line, printable in a message. */
export function excerpt(bytes: Uint8Array, start: number, end: number): string {
  const text = Buffer.from(bytes.subarray(start, Math.min(end, start + 40))).toString('latin1');
  return text.replace(/[^\x20-\x7e]/g, '?') + (end > start + 40 ? '...' : '');
}
