import { existsSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { UsageError } from './errors.js';

function isPackage(folder: string): boolean {
  const file = join(folder, 'package.json');
  if (!existsSync(file)) return false;
  return (JSON.parse(readFileSync(file, 'utf8')) as { name?: string }).name === 'tripletlab';
}

/**
 * The folder that holds this package's `configurations/`, `data-manifests/` and `build/`.
 *
 * `TRIPLETLAB_ROOT` (set by the command line and the kernel), else the nearest checkout or installation at or above
 * the working directory. The same source runs as ESM and, in notebooks, as CommonJS: neither `import.meta` nor
 * `__dirname` exists in both.
 */
export function packageRoot(): string {
  const told = process.env['TRIPLETLAB_ROOT'];
  if (told) return told;
  for (let folder = process.cwd(); ; folder = dirname(folder)) {
    if (isPackage(folder)) return folder;
    const installed = join(folder, 'node_modules', 'tripletlab');
    if (isPackage(installed)) return installed;
    if (dirname(folder) === folder)
      throw new UsageError(`tripletlab not found at or above ${process.cwd()}; set TRIPLETLAB_ROOT to its folder`);
  }
}

/** The file of the command line `tripletlab`, as Node.js runs it in another process. */
export const launcher = (): string => join(packageRoot(), 'src', 'setup', 'tripletlab.mjs');
