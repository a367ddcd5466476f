import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { packageRoot } from '../../src/paths.js';

const built = existsSync(join(packageRoot(), 'build', 'torch', 'torch.node'));

/** The engines on which the suites of kernels, losses, backbones and optimizers run: those that this machine has. */
export const testedEngines: readonly string[] = ['wasm', ...(built ? ['torch-cpu'] : [])];
