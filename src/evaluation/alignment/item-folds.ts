import { UsageError } from '../../errors.js';
import type { RandomStream } from '../../random/stream.js';
import type { ProbeData } from './probe-objective.js';

/** Divides items at random into parts whose sizes differ by at most one. */
export function itemFolds(items: Int32Array, folds: number, stream: RandomStream): Int32Array[] {
  const order = stream.permutation(items.length).map((at) => items[at]);
  const cut = (fold: number): number => Math.floor((fold * items.length) / folds);
  return Array.from({ length: folds }, (_, fold) => order.slice(cut(fold), cut(fold + 1)));
}

/** Returns the items of all parts except these. */
export function allBut(parts: readonly Int32Array[], ...without: number[]): Int32Array {
  return Int32Array.from(parts.flatMap((part, at) => (without.includes(at) ? [] : Array.from(part))));
}

/**
 * Restricts data to some items: their rows, and the triplets with all three items among them.
 *
 * @throws UsageError where no triplet is left
 */
export function restrict(data: ProbeData, items: Int32Array): ProbeData {
  const { rows, size, triplets } = data;
  const rowOf = new Map(Array.from(items, (item, row) => [item, row]));
  const inside: number[] = [];
  for (let t = 0; t < triplets.length; t += 3) {
    const [a, b, c] = [rowOf.get(triplets[t]), rowOf.get(triplets[t + 1]), rowOf.get(triplets[t + 2])];
    if (a !== undefined && b !== undefined && c !== undefined) inside.push(a, b, c);
  }
  if (inside.length === 0)
    throw new UsageError(
      `too few triplets for a probe: none of ${triplets.length / 3} has all three items among the ${items.length} of a fold; skip the probe with --probe none`,
    );
  const chosen = new Float32Array(items.length * size);
  items.forEach((item, row) => {
    chosen.set(rows.subarray(item * size, (item + 1) * size), row * size);
  });
  return { ...data, rows: chosen, triplets: Int32Array.from(inside) };
}
