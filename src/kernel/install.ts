import { spawnSync } from 'node:child_process';
import { existsSync, readFileSync, rmSync } from 'node:fs';
import { homedir } from 'node:os';
import { join, resolve } from 'node:path';
import { UsageError } from '../errors.js';
import { writeFileAtomic } from '../files.js';
import { builtFile } from '../paths.js';
import { findJupyter, interpreter, kernelDescription, kernelName } from './jupyter.js';
import { needTslab } from './tslab.js';

/** Where a kernel is installed: for this user, for the Python that Jupyter runs in, or below a folder. */
export type KernelPlace = 'user' | 'sys-prefix' | { readonly prefix: string };

/** Where Jupyter keeps a user's own kernels. Source: jupyter_core.paths.jupyter_data_dir. */
function userData(): string {
  const { JUPYTER_DATA_DIR, APPDATA, XDG_DATA_HOME } = process.env;
  if (JUPYTER_DATA_DIR) return JUPYTER_DATA_DIR;
  if (process.platform === 'darwin') return join(homedir(), 'Library', 'Jupyter');
  if (process.platform === 'win32') return APPDATA ? join(APPDATA, 'jupyter') : join(homedir(), '.jupyter', 'data');
  return join(XDG_DATA_HOME ? XDG_DATA_HOME : join(homedir(), '.local', 'share'), 'jupyter');
}

/** `sys.prefix` of the Python that Jupyter runs in, which the first line of its program names. */
function sysPrefix(): string {
  const jupyter = findJupyter();
  const python = interpreter(jupyter) ?? 'python3';
  const { stdout, status } = spawnSync(python, ['-c', 'import sys; print(sys.prefix)'], { encoding: 'utf8' });
  if (status !== 0) throw new UsageError(`unknown prefix: the Python of ${jupyter} does not run; give --prefix DIR`);
  return stdout.trim();
}

/** The folder of the kernel's description in a place. */
export function kernelFolder(place: KernelPlace): string {
  const prefix = place === 'user' ? undefined : place === 'sys-prefix' ? sysPrefix() : resolve(place.prefix);
  const data = prefix === undefined ? userData() : join(prefix, 'share', 'jupyter');
  return join(data, 'kernels', kernelName);
}

/**
 * Writes the kernel's description where Jupyter looks: from then on every front end offers it, in any folder. It names
 * this Node.js and this installation; install it again after either has moved.
 *
 * @returns the folder written
 * @throws UsageError where it cannot be written
 */
export function installKernel(place: KernelPlace): string {
  needTslab();
  const folder = kernelFolder(place);
  const template = JSON.parse(readFileSync(kernelDescription(), 'utf8')) as { argv: readonly string[] };
  const [, ...options] = template.argv.slice(0, -2);
  const argv = [process.execPath, ...options, builtFile('kernel', 'tslab-kernel.cjs'), '{connection_file}'];
  writeFileAtomic(join(folder, 'kernel.json'), `${JSON.stringify({ ...template, argv }, null, 2)}\n`);
  return folder;
}

/**
 * Removes what `installKernel` wrote.
 *
 * @returns the folder removed
 * @throws UsageError where no kernel of this name is there
 */
export function uninstallKernel(place: KernelPlace): string {
  const folder = kernelFolder(place);
  if (!existsSync(join(folder, 'kernel.json')))
    throw new UsageError(`missing kernel: ${folder}; jupyter kernelspec list names where kernels are`);
  rmSync(folder, { recursive: true });
  return folder;
}
