import { existsSync, readFileSync } from 'node:fs';
import { UsageError } from '../../errors.js';
import { builtFile } from '../../paths.js';
import type { Engine } from '../engine.js';

/** Whether the fused kernels, which run on the processor, compute for an engine; `javascript` is there to check them. */
export const computesBeside = ({ gpu, name }: Engine): boolean => !gpu && name !== 'javascript';

const modules = new Map<string, WebAssembly.Module>();

/**
 * A compiled kernel of `src/engine/assembly`, loaded once.
 *
 * @throws UsageError where the set-up has not built it yet
 */
export function kernelModule(name: string): WebAssembly.Module {
  let module = modules.get(name);
  if (module === undefined) {
    const file = builtFile('wasm', `${name}.wasm`);
    if (!existsSync(file)) throw new UsageError(`missing kernel: ${file}; run npm run build`);
    modules.set(name, (module = new WebAssembly.Module(readFileSync(file))));
  }
  return module;
}
