import test from 'ava';
import { rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { temporaryFolder } from '../../command-line.js';
import { UsageError } from '../../../src/errors.js';
import { chooseEngine } from '../../../src/engine/index.js';
import { installedPackages } from '../../../src/engine/packages.js';

for (const [label, code, reason] of [
  [
    'a libtorch without CUDA',
    `module.exports = { version: '2.6.0', hasCuda: false, gpus: 0 }`,
    'libtorch 2.6.0 has no CUDA; npm run build:torch with one that has',
  ],
  [
    'no GPU',
    `module.exports = { version: '2.6.0', hasCuda: true, gpus: 0 }`,
    'no CUDA device that libtorch 2.6.0 can use; nvidia-smi should list one, install its driver',
  ],
  [
    'a GPU that libtorch has no kernels for',
    `module.exports = { version: '2.14.1', hasCuda: true, gpus: 1, setThreads() {}, limitMemory() {}, repeatOnCuda() {},
       kernels: { full() { throw new Error('full: CUDA error: no kernel image is available for execution on the device\\nmore'); } } }`,
    'libtorch 2.14.1 cannot compute on this GPU: full: CUDA error: no kernel image is available for execution on the device; npm run build:torch with another libtorch, or update the driver',
  ],
  [
    'a library missing',
    `throw new Error('libcudnn.so.9: cannot open shared object file: No such file or directory')`,
    'libcudnn.so.9: cannot open shared object file: No such file or directory; install that library, or npm run build:torch with another libtorch',
  ],
  [
    'a broken addon',
    `throw new Error('torch.node: undefined symbol: _ZN2at\\n more')`,
    'torch.node: undefined symbol: _ZN2at; npm run build:torch builds anew',
  ],
] as const)
  test(`torch-cuda with ${label} ends in a line with a remedy`, async (t) => {
    const folder = temporaryFolder();
    const file = join(folder, 'torch.cjs');
    writeFileSync(file, code);
    const packages = { ...installedPackages(), built: () => file };
    await t.throwsAsync(chooseEngine({ useGpu: true, engine: 'torch-cuda' }, packages), {
      instanceOf: UsageError,
      message: `engine torch-cuda does not work here: ${reason}; use engine: auto`,
    });
    rmSync(folder, { recursive: true });
  });
