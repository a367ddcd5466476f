import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import type { Command } from 'commander';
import { packageRoot } from '../assets.js';

/** Registers `tripletlab build-torch`, which builds the engines on libtorch for this machine. */
export function registerBuildTorch(program: Command): void {
  program
    .command('build-torch')
    .description("build the engines on libtorch, PyTorch's library, for this machine; needs a C++ compiler")
    .action(async () => {
      const script = join(packageRoot(), 'src', 'setup', 'build-torch.mjs');
      const [status] = (await once(spawn(process.execPath, [script], { stdio: 'inherit' }), 'close')) as [
        number | null,
      ];
      process.exitCode = status ?? 1;
    });
}
