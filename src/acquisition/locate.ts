import { existsSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { MissingInput } from '../errors.js';
import { expandHome } from '../files.js';

/** The sources of data, each with one manifest and one folder. */
export const sources = ['things', 'ihsj', 'yummly', 'cub', 'cars', 'sop', 'weights'] as const;

export type Source = (typeof sources)[number];

/** The environment variable for the folder that contains the data roots `things/`, `yummly/`, ... */
export const DATA_VARIABLE = 'TRIPLETLAB_DATA';

/** Returns the root that the configurations name for a source, which is the original's; null for the weights. */
export function configuredRoot(source: Source): string | null {
  return source === 'weights' ? null : `/data/metric_learning/datasets/${source}_raw`;
}

/** Returns `$TRIPLETLAB_DATA/SOURCE`, whether it exists or not; null where the variable is not set. */
export function environmentRoot(source: Source): string | null {
  const folder = process.env[DATA_VARIABLE];
  return folder ? join(expandHome(folder), source) : null;
}

/**
 * Returns the folder with a source's data: the given one if it exists. `$TRIPLETLAB_DATA/SOURCE` replaces only the
 * configurations' default. Null where there is no folder.
 */
export function findRoot(source: Source, configured: string | null = configuredRoot(source)): string | null {
  if (configured !== null && isFolder(configured)) return configured;
  if (configured !== null && configured !== configuredRoot(source)) return null;
  const root = environmentRoot(source);
  return root !== null && isFolder(root) ? root : null;
}

/**
 * Returns what `findRoot` finds, or throws.
 *
 * @throws MissingInput naming the folders that were tried and the manifest
 */
export function locate(source: Source, configured: string | null = configuredRoot(source)): string {
  const root = findRoot(source, configured);
  if (root !== null) return root;
  throw new MissingInput(`missing data: ${whereNot(source, configured)}; ${seeManifest(source)}`);
}

function whereNot(source: Source, configured: string | null): string {
  if (configured !== null && configured !== configuredRoot(source)) return `there is no folder ${configured}`;
  const tried = environmentRoot(source) ?? `$${DATA_VARIABLE}/${source} (${DATA_VARIABLE} is not set)`;
  return configured === null ? `there is no folder ${tried}` : `there is neither ${configured} nor ${tried}`;
}

/** Returns the remedy that ends every error about missing data. */
export function seeManifest(source: Source): string {
  return `see data-manifests/${source}.yaml`;
}

function isFolder(path: string): boolean {
  return existsSync(path) && statSync(path).isDirectory();
}
