import { readdirSync, statSync } from 'node:fs';
import { join, relative, sep } from 'node:path';
import { nearest, UsageError } from '../errors.js';
import { nearestPath } from '../files.js';
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

/** Lists the plans that come with the package, sorted. */
function planFiles(root: string): string[] {
  const names = readdirSync(join(root, FOLDER, 'plans')).filter((name) => name.endsWith('.yaml'));
  return names.map((name) => `${FOLDER}/plans/${name}`).sort();
}

/**
 * Finds a configuration or a plan: as given, else below the package's folder, there also without the original's
 * `tdml/`.
 *
 * @throws UsageError with the nearest file: a YAML file beside where it was looked for, or one of the package's
 */
export function locateConfiguration(file: string, kind: 'configuration' | 'plan' = 'configuration'): string {
  if (isFile(file)) return file;
  const root = packageRoot();
  const name = file.replace(ORIGINAL_PREFIX, '');
  for (const candidate of [join(root, file), join(root, name)]) if (isFile(candidate)) return candidate;
  const files = kind === 'plan' ? planFiles(root) : configurationFiles(root);
  const last = (path: string) => path.slice(path.lastIndexOf('/') + 1);
  const beside = nearestPath(file);
  const near = nearest(name, files) ?? nearest(last(name), files.map(last));
  const full = near?.includes('/') ? near : files.find((path) => near !== undefined && path.endsWith(`/${near}`));
  const meant = beside !== undefined && /\.ya?ml$/.test(beside) && isFile(beside) ? beside : full;
  throw new UsageError(
    `unknown ${kind}: ${bare(file)}; ${meant === undefined ? `see ${FOLDER}/${kind === 'plan' ? 'plans/' : ''}` : `did you mean ${meant}?`}`,
  );
}

/** Returns the path of a configuration for messages: relative to the package's folder if it is inside it. */
export function displayPath(file: string): string {
  const below = relative(packageRoot(), file);
  return bare(below.startsWith('..') || below === '' ? file : below.split(sep).join('/'));
}
