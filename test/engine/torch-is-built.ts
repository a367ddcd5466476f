import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { packageRoot } from '../../src/assets.js';

/** Is the torch engine there (`npm run build:torch`)? */
export const torchIsBuilt = existsSync(join(packageRoot(), 'build', 'torch', 'torch.node'));
