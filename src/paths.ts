import { homedir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('..', import.meta.url)).replace(/[\\/]$/, '');

/** The folder of this package: `configurations/`, `data-manifests/`, `dist/`, and what is built on this machine, `build/`. */
export const packageRoot = (): string => root;

/** A built file by its path from `dist/`: a module that a thread runs, a WebAssembly kernel. */
export const builtFile = (...path: readonly string[]): string => join(root, 'dist', ...path);

/** The file of the command line `tripletlab`, as Node.js runs it in another process. */
export const launcher = (): string => builtFile('cli.js');

/** A path that begins with `~/`, as only a shell reads it and not in every place, with the home folder in its place. */
export const expandHome = (path: string): string => (/^~[\\/]/.test(path) ? join(homedir(), path.slice(2)) : path);
