/** `npm run prove:gpu`: sets up and builds what is needed, then proves the engine on this machine's GPU; see test/gpu-proof/README.md. */
import { join } from 'node:path';
import process from 'node:process';
import { buildTests } from './build-tests.mjs';
import { build } from './build.mjs';
import { ensureDependencies } from './dependencies.mjs';
import { root, run, say } from './shared.mjs';

try {
  await ensureDependencies();
  await build();
  await buildTests();
  const program = join(root, 'build', 'test', 'gpu-proof', 'index.js');
  process.exitCode = (await run(process.execPath, [program, ...process.argv.slice(2)], { show: true })).status;
} catch (error) {
  say(error.message);
  process.exitCode = 1;
}
