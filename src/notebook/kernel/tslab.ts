import { createRequire } from 'node:module';
import { join } from 'node:path';
import { UsageError } from '../../errors.js';
import { packageRoot } from '../../assets.js';

/**
 * Checks that the kernel can start in a folder: it needs tslab in this package or in the folder.
 *
 * @throws UsageError saying what to install
 */
export function needTslab(folder = process.cwd()): void {
  for (const from of [packageRoot(), folder])
    try {
      createRequire(join(from, 'package.json')).resolve('tslab/package.json');
      return;
    } catch {
      // not here
    }
  throw new UsageError('missing package: tslab, which the notebook kernel is made of; run npm install tslab@1.0.22');
}
