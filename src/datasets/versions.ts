import { UsageError, unknown } from '../errors.js';
import { subsets, type BySubset } from './dataset.js';

/** What is read of the `dataset` section of a configuration. */
export interface DatasetRequest {
  readonly name: string;
  readonly version?: string | null;
  readonly raw_data_directory_name?: string | null;
}

/** A version's name and the seed of its split. */
export interface Version<Name extends string> {
  readonly name: Name;
  readonly seed: number;
}

/**
 * Reads `name` (seed 0) or, where a set has several splits, `name~seed`.
 *
 * @throws UsageError where the name is none of the set's versions or the seed is no natural number
 */
export function parseVersion<Name extends string>(
  request: DatasetRequest,
  names: readonly Name[],
  several: boolean,
): Version<Name> {
  const text = request.version;
  if (text === undefined || text === null)
    throw new UsageError(`missing dataset.version for ${request.name}; one of: ${names.join(', ')}`);
  const [, base, seed] = /^([^~]*)(?:~(.*))?$/s.exec(text)!;
  const name = names.find((candidate) => candidate === base);
  if (name === undefined) throw unknown('dataset.version', base, names);
  if (seed === undefined) return { name, seed: 0 };
  if (!several) throw new UsageError(`invalid dataset.version: ${text}; ${request.name} has one split, write ${name}`);
  if (!/^\d{1,9}$/.test(seed))
    throw new UsageError(`invalid dataset.version: ${text}; write ${name}~0, ${name}~1, ...`);
  return { name, seed: Number(seed) };
}

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

/** Says how many triplets name an item or class twice, which splits by item or class drop as the reference does. */
export function repeatNotes(triplets: Int32Array): string[] {
  let repeats = 0;
  for (let i = 0; i < triplets.length; i += 3) {
    const [a, b, c] = [triplets[i], triplets[i + 1], triplets[i + 2]];
    if (a === b || a === c || b === c) repeats++;
  }
  return repeats === 0 ? [] : [`${repeats} triplets name the same item twice: no subset has them`];
}
