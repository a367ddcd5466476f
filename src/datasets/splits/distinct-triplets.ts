/**
 * Counts the different triplets.
 *
 * @param triplets `[3m]`
 */
export function distinctTriplets(triplets: Int32Array): number {
  let slots = 8;
  while (slots < (2 * triplets.length) / 3) slots *= 2;
  /** A hash table with linear probing: where a triplet of this hash starts; at least half of it is free. */
  const table = new Int32Array(slots).fill(-1);
  let count = 0;
  for (let i = 0; i < triplets.length; i += 3) {
    const [a, b, c] = [triplets[i], triplets[i + 1], triplets[i + 2]];
    let hash = Math.imul(Math.imul(Math.imul(a, 0x9e3779b1) ^ b, 0x85ebca6b) ^ c, 0xc2b2ae35);
    hash ^= hash >>> 15;
    for (let slot = hash & (slots - 1); ; slot = (slot + 1) & (slots - 1)) {
      const j = table[slot];
      if (j >= 0 && (triplets[j] !== a || triplets[j + 1] !== b || triplets[j + 2] !== c)) continue;
      if (j < 0) {
        table[slot] = i;
        count++;
      }
      break;
    }
  }
  return count;
}
