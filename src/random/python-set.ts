import { UsageError } from '../errors.js';

const EMPTY = -1;
const LINEAR_PROBES = 9;
const PERTURB_SHIFT = 5;

/**
 * Returns the order in which CPython (3.7 to 3.13) iterates over `set(values)`, without duplicates: `[distinct] int32`.
 *
 * The set is an open hash table in which an integer is its own hash. A hash h starts at slot h mod slots, tries ten
 * slots in a row (only one close to the table's end), then jumps to slot 5i + 1 + (h >> 5), and so on. Once the table
 * is 3/5 full it is rebuilt, in slot order, with the least power of two above 4 times the number of members (2 times
 * beyond 50,000).
 *
 * @throws UsageError where a value is not an integer from 0 to 2^31 - 1
 *
 * Source: `Objects/setobject.c` of CPython.
 */
export function pythonSetOrder(values: Iterable<number>): Int32Array {
  let table: Int32Array = new Int32Array(8).fill(EMPTY);
  let used = 0;
  for (const value of values) {
    if (!(Number.isInteger(value) && value >= 0 && value <= 0x7fffffff))
      throw new UsageError(`invalid set member: ${value}; give integers from 0 to 2147483647`);
    const slot = find(table, value);
    if (table[slot] === value) continue;
    table[slot] = value;
    used++;
    if (5 * used >= 3 * (table.length - 1)) table = rebuilt(table, used);
  }
  return table.filter((value) => value !== EMPTY);
}

/** Finds the slot that holds the value, or the free slot for it. */
function find(table: Int32Array, value: number): number {
  const mask = table.length - 1;
  let perturb = value;
  let i = value & mask;
  for (;;) {
    const last = i + LINEAR_PROBES <= mask ? i + LINEAR_PROBES : i;
    for (let slot = i; slot <= last; slot++) if (table[slot] === EMPTY || table[slot] === value) return slot;
    perturb >>>= PERTURB_SHIFT;
    i = (i * 5 + 1 + perturb) & mask;
  }
}

function rebuilt(table: Int32Array, used: number): Int32Array {
  const least = used > 50000 ? used * 2 : used * 4;
  let size = 8;
  while (size <= least) size *= 2;
  const larger = new Int32Array(size).fill(EMPTY);
  for (const value of table) if (value !== EMPTY) larger[find(larger, value)] = value;
  return larger;
}
