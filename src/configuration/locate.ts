import { readdirSync, statSync } from 'node:fs';
import { join, relative, sep } from 'node:path';
import { nearest, UsageError } from '../errors.js';
import { packageRoot } from '../assets.js';
import { bare } from './display.js';

const FOLDER = 'configurations';
/** Folders without configurations: experiment plans, and resources of Slurm tasks. */
const others = ['plans', 'slurm'];
/** The folder by which the original's commands name its files. */
const ORIGINAL_PREFIX = /^(\.\/)?tdml\//;

const isFile = (path: string) => statSync(path, { throwIfNoEntry: false })?.isFile() ?? false;

/** Lists every configuration that comes with the package: `configurations/SET/NAME.yaml`, sorted. */
export function configurationFiles(root = packageRoot()): string[] {
  const folder = join(root, FOLDER);
  return readdirSync(folder, { withFileTypes: true })
    .filter((entry) => entry.isDirectory() && !others.includes(entry.name))
    .flatMap((set) =>
      readdirSync(join(folder, set.name))
        .filter((name) => name.endsWith('.yaml'))
        .map((name) => `${FOLDER}/${set.name}/${name}`),
    )
    .sort();
}

/**
 * Finds a configuration: as given, else below the package's folder, there also without the original's `tdml/`.
 *
 * @throws UsageError with the nearest of the package's configurations
 */
export function locateConfiguration(file: string): string {
  if (isFile(file)) return file;
  const root = packageRoot();
  const name = file.replace(ORIGINAL_PREFIX, '');
  for (const candidate of [join(root, file), join(root, name)]) if (isFile(candidate)) return candidate;
  const files = configurationFiles(root);
  const last = (path: string) => path.slice(path.lastIndexOf('/') + 1);
  const near = nearest(name, files) ?? nearest(last(name), files.map(last));
  const full = near?.includes('/') ? near : files.find((path) => near !== undefined && path.endsWith(`/${near}`));
  throw new UsageError(
    `unknown configuration: ${bare(file)}; ${full === undefined ? `see ${FOLDER}/` : `did you mean ${full}?`}`,
  );
}

/** Returns the path of a configuration for messages: relative to the package's folder if it is inside it. */
export function displayPath(file: string): string {
  const below = relative(packageRoot(), file);
  return bare(below.startsWith('..') || below === '' ? file : below.split(sep).join('/'));
}
