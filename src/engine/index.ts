// PLACEHOLDER by the lead until the engine helper's own index.ts replaces it: WASM only.
import { createRequire } from 'node:module';
import { cpus } from 'node:os';
import { dirname, join } from 'node:path';
import { packageRoot } from '../paths.js';
import type { Engine } from './engine.js';

export type { Engine } from './engine.js';

export async function chooseEngine(_request: { useGpu: boolean; engine?: string }): Promise<Engine> {
  const require = createRequire(join(packageRoot(), 'package.json'));
  const tf = await import('@tensorflow/tfjs');
  const wasm = await import('@tensorflow/tfjs-backend-wasm');
  wasm.setWasmPaths(`${dirname(require.resolve('@tensorflow/tfjs-backend-wasm'))}/`);
  await tf.setBackend('wasm');
  await tf.ready();
  return { name: 'wasm', backend: 'wasm', version: '4.22.0', device: cpus()[0].model, gpu: false, threads: cpus().length, tried: [] };
}
