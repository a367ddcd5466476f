import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { UsageError } from './errors.js';

const root = fileURLToPath(new URL('..', import.meta.url)).replace(/[\\/]$/, '');

/** The folder of this package: `configurations/`, `data-manifests/`, `dist/`, and what is built on this machine, `build/`. */
export const packageRoot = (): string => root;

/** A built file by its path from `dist/`: a module that a thread runs, a WebAssembly kernel. */
export const builtFile = (...path: readonly string[]): string => join(root, 'dist', ...path);

/** The file of the command line `tripletlab`, as Node.js runs it in another process. */
export const launcher = (): string => builtFile('cli.js');

const modules = new Map<string, WebAssembly.Module>();

/**
 * A compiled kernel of a folder `assembly`, loaded once.
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
