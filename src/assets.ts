import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { UsageError } from './errors.js';

const root = fileURLToPath(new URL('..', import.meta.url)).replace(/[\\/]$/, '');

/**
 * Returns this package's folder: `configurations/`, `data-manifests/`, `dist/`, and `build/` for what is built here.
 */
export const packageRoot = (): string => root;

/** Returns a built file by its path from `dist/`: a module that a thread runs, a WebAssembly kernel. */
export const builtFile = (...path: readonly string[]): string => join(root, 'dist', ...path);

/** Returns the file of the command line `tripletlab`, to run in another process. */
export const launcher = (): string => builtFile('cli.js');

const modules = new Map<string, WebAssembly.Module>();

/**
 * Returns a compiled kernel of a folder `assembly`, which is loaded once.
 *
 * @param compile another way to compile it
 * @throws UsageError where the set-up has not built it yet
 */
export function kernelModule(
  name: string,
  compile = (binary: Uint8Array<ArrayBuffer>) => new WebAssembly.Module(binary),
): WebAssembly.Module {
  let module = modules.get(name);
  if (module === undefined) {
    const file = builtFile('wasm', `${name}.wasm`);
    if (!existsSync(file)) throw new UsageError(`missing kernel: ${file}; run npm run build`);
    modules.set(name, (module = compile(readFileSync(file))));
  }
  return module;
}
