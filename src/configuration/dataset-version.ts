import { UsageError, unknown } from '../errors.js';
import { datasets, type DatasetName } from '../catalogue/datasets.js';

/** The keys of the `dataset` section that every data set reads. */
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

/** Returns the versions of a data set, in words. */
export function versionsOf(name: DatasetName): string {
  const { versions, splits } = datasets[name];
  return `one of ${versions.join(', ')}${splits ? `, each also with the seed of a split as in ${versions[0]}~1` : ''}`;
}
