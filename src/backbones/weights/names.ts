import { UsageError } from '../../errors.js';
import type { NdArray } from '../../formats/nd-array.js';

/** Holds tensors under the names of PyTorch, and the names of those that were left out. */
export interface Renamed {
  readonly tensors: Record<string, NdArray>;
  /** Names of the classifier's tensors, which embeddings do not need. */
  readonly dropped: readonly string[];
}

/** Returns one tensor's new name and array, or 'drop' to leave it out; undefined if its name is unknown. */
export type Rename = (name: string, array: NdArray) => readonly [string, NdArray] | 'drop' | undefined;

/**
 * Gives every tensor its new name.
 *
 * @throws UsageError where names are unknown, or two tensors get the same name
 */
export function renameAll(arrays: ReadonlyMap<string, NdArray>, rename: Rename, place: string, what: string): Renamed {
  const tensors = new Map<string, NdArray>();
  const dropped: string[] = [];
  const surplus: string[] = [];
  for (const [name, array] of arrays) {
    const renamed = rename(name, array);
    if (renamed === 'drop') dropped.push(name);
    else if (renamed === undefined || tensors.has(renamed[0])) surplus.push(name);
    else tensors.set(...(renamed as [string, NdArray]));
  }
  if (surplus.length > 0 || tensors.size === 0) {
    const named = surplus.slice(0, 5).join(', ');
    const more = surplus.length > 5 ? `, and ${surplus.length - 5} more` : '';
    const found = surplus.length > 0 ? `it has ${named}${more}` : 'it has none of its tensors';
    throw new UsageError(`weights that do not fit: ${place}: not of ${what}: ${found}; give weights of this network`);
  }
  return { tensors: Object.fromEntries(tensors), dropped };
}
