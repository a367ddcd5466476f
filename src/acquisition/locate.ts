import { existsSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { MissingInput } from '../errors.js';
import { expandHome } from '../files.js';

/** Where data comes from: one manifest, one folder each. */
export const sources = ['things', 'ihsj', 'yummly', 'cub', 'cars', 'sop', 'weights'] as const;

export type Source = (typeof sources)[number];

/** Environment variable that names the folder with the data roots `things/`, `yummly/`, ... in it. */
export const DATA_VARIABLE = 'TRIPLETLAB_DATA';

/** The root that the configurations name for a source, the reference's own; null for the weights, which have none. */
export function configuredRoot(source: Source): string | null {
  return source === 'weights' ? null : `/data/metric_learning/datasets/${source}_raw`;
}

/** `$TRIPLETLAB_DATA/SOURCE`, whether it exists or not; null where the variable is not set. */
export function environmentRoot(source: Source): string | null {
  const folder = process.env[DATA_VARIABLE];
  return folder ? join(expandHome(folder), source) : null;
}

/**
 * The folder with a source's data: the configured one where it exists or is not the configurations' own, else
 * `$TRIPLETLAB_DATA/SOURCE`; null where neither exists.
 */
export function findRoot(source: Source, configured: string | null = configuredRoot(source)): string | null {
  if (configured !== null && isFolder(configured)) return configured;
  if (configured !== null && configured !== configuredRoot(source)) return null;
  const root = environmentRoot(source);
  return root !== null && isFolder(root) ? root : null;
}

/**
 * `findRoot`, which must succeed.
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

/** The remedy that ends every error about missing data. */
export function seeManifest(source: Source): string {
  return `see data-manifests/${source}.yaml`;
}

function isFolder(path: string): boolean {
  return existsSync(path) && statSync(path).isDirectory();
}
