import { UsageError } from '../../errors.js';
import { subsets, type BySubset } from '../dataset.js';

/**
 * Refuses a split that leaves a subset without triplets.
 *
 * @throws UsageError naming the subset and how many triplets there were
 */
export function requireTriplets(name: string, triplets: BySubset<Int32Array>, before: number): void {
  for (const subset of subsets)
    if (triplets[subset].length === 0)
      throw new UsageError(
        `empty ${subset} subset of ${name}: none of ${before} triplets lies wholly in it; use more triplets or another version`,
      );
}

/** Notes how many triplets name an item or class twice; splits by item or class drop them as the original does. */
export function repeatNotes(triplets: Int32Array): string[] {
  let repeats = 0;
  for (let i = 0; i < triplets.length; i += 3) {
    const [a, b, c] = [triplets[i], triplets[i + 1], triplets[i + 2]];
    if (a === b || a === c || b === c) repeats++;
  }
  return repeats === 0 ? [] : [`${repeats} triplets name the same item twice: no subset has them`];
}
