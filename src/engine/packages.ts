import { existsSync, readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { packageRoot } from '../assets.js';

/** Finds and loads packages that may be installed or not. */
export interface Packages {
  /** Returns a package's version; undefined if it is not installed, or another package has its name. */
  version(name: string): string | undefined;
  /** Tells whether an installed package has a file or folder. */
  contains(name: string, path: string): boolean;
  /** Returns a file that the set-up built, by its path in the folder of these packages; undefined if it is missing. */
  built(path: string): string | undefined;
  /** @throws whatever the package throws as it loads */
  load(name: string): unknown;
}

/** Returns the packages that a folder's modules can import. */
export function packagesOf(folder: string): Packages {
  const require = createRequire(join(folder, 'package.json'));
  return {
    version(name) {
      try {
        const found = JSON.parse(readFileSync(require.resolve(`${name}/package.json`), 'utf8')) as Record<
          string,
          string
        >;
        // npm can install another package under this name: package.json does so to give danfojs-node a TensorFlow.js
        return found['name'] === name ? found['version'] : undefined;
      } catch {
        return undefined;
      }
    },
    contains: (name, path) => existsSync(join(dirname(require.resolve(`${name}/package.json`)), path)),
    built(path) {
      const file = join(folder, path);
      return existsSync(file) ? file : undefined;
    },
    load: (name) => require(name) as unknown,
  };
}

let installed: { root: string; packages: Packages } | undefined;

/** Returns the packages installed with this one. */
export function installedPackages(): Packages {
  const root = packageRoot();
  if (installed?.root !== root) installed = { root, packages: packagesOf(root) };
  return installed.packages;
}
