/** Holds the different rows of embeddings, and the items that have each row. */
export interface UniqueRows {
  /** `[rows] int32`: an item that has the row; if some of these may be neighbours, the first of them. */
  readonly items: Int32Array;
  /** The number of rows that some neighbour has; these rows come first. */
  readonly base: number;
  /** `[n] int32`: the row of each item, -1 for items that are neither queries nor possible neighbours. */
  readonly rowOf: Int32Array;
  /** `[rows + 1] int32`: where each row's members begin in `members`. */
  readonly begins: Int32Array;
  /** Items that may be neighbours, row by row, ascending. */
  readonly members: Int32Array;
}

/**
 * Groups items whose rows are equal in every number, so that equal rows are searched only once.
 *
 * @param embeddings `[n, size] float32`
 * @param among ascending items that may be neighbours, @param queries items whose neighbours are sought
 */
export function uniqueRows(embeddings: Float32Array, size: number, among: Int32Array, queries: Int32Array): UniqueRows {
  const bits = new Int32Array(embeddings.buffer, embeddings.byteOffset, embeddings.length);
  const slots = new Int32Array(2 ** Math.ceil(Math.log2(2 * (among.length + queries.length) + 2))).fill(-1);
  const items: number[] = [];
  const rowOf = new Int32Array(embeddings.length / size).fill(-1);
  const place = (item: number): void => {
    if (rowOf[item] >= 0) return;
    let slot = hash(bits, item * size, size) & (slots.length - 1);
    while (slots[slot] >= 0 && !equal(bits, items[slots[slot]] * size, item * size, size))
      slot = (slot + 1) & (slots.length - 1);
    if (slots[slot] < 0) slots[slot] = items.push(item) - 1;
    rowOf[item] = slots[slot];
  };
  among.forEach(place);
  const base = items.length;
  queries.forEach(place);
  const begins = new Int32Array(items.length + 1);
  for (const item of among) begins[rowOf[item] + 1]++;
  for (let row = 0; row < items.length; row++) begins[row + 1] += begins[row];
  const next = begins.slice();
  const members = new Int32Array(among.length);
  for (const item of among) members[next[rowOf[item]]++] = item;
  return { items: Int32Array.from(items), base, rowOf, begins, members };
}

/** Maps -0 to 0: they are equal numbers with different bits. */
const canonical = (bits: number): number => (bits === -0x80000000 ? 0 : bits);

function hash(bits: Int32Array, from: number, size: number): number {
  let h = size;
  for (let at = from; at < from + size; at++) h = Math.imul(h ^ canonical(bits[at]), 0x9e3779b1) ^ (h >>> 15);
  return (h ^ (h >>> 16)) >>> 0;
}

function equal(bits: Int32Array, a: number, b: number, size: number): boolean {
  for (let k = 0; k < size; k++) if (canonical(bits[a + k]) !== canonical(bits[b + k])) return false;
  return true;
}
