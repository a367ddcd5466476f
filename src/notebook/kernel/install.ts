import { spawnSync } from 'node:child_process';
import { existsSync, readFileSync, rmSync } from 'node:fs';
import { homedir } from 'node:os';
import { basename, join, resolve } from 'node:path';
import { UsageError } from '../../errors.js';
import { plotlyFile } from '../../figures/write-html.js';
import { writeFileAtomic } from '../../files.js';
import { builtFile } from '../../assets.js';
import { findJupyter, interpreter, kernelDescription, kernelName } from './jupyter.js';
import { needTslab } from './tslab.js';

/** The place of a kernel: this user's folder, the Python that Jupyter runs in, or below a given folder. */
export type KernelPlace = 'user' | 'sys-prefix' | { readonly prefix: string };

/** Returns the folder of a user's own kernels. Source: jupyter_core.paths.jupyter_data_dir. */
function userData(): string {
  const { JUPYTER_DATA_DIR, APPDATA, XDG_DATA_HOME } = process.env;
  if (JUPYTER_DATA_DIR) return JUPYTER_DATA_DIR;
  if (process.platform === 'darwin') return join(homedir(), 'Library', 'Jupyter');
  if (process.platform === 'win32') return APPDATA ? join(APPDATA, 'jupyter') : join(homedir(), '.jupyter', 'data');
  return join(XDG_DATA_HOME ? XDG_DATA_HOME : join(homedir(), '.local', 'share'), 'jupyter');
}

/** Returns `sys.prefix` of the Python that Jupyter runs in, which the first line of its program names. */
function sysPrefix(): string {
  const jupyter = findJupyter();
  const python = interpreter(jupyter) ?? 'python3';
  const { stdout, status } = spawnSync(python, ['-c', 'import sys; print(sys.prefix)'], { encoding: 'utf8' });
  if (status !== 0) throw new UsageError(`unknown prefix: the Python of ${jupyter} does not run; give --prefix DIR`);
  return stdout.trim();
}

/** Returns the folders of a place: that of the kernel's description, and those from which servers serve plotly.js. */
function folders(place: KernelPlace): { kernel: string; pages: string[] } {
  const prefix = place === 'user' ? undefined : place === 'sys-prefix' ? sysPrefix() : resolve(place.prefix);
  const data = prefix === undefined ? userData() : join(prefix, 'share', 'jupyter');
  const pages = ['nbextensions', 'labextensions'].map((folder) => join(data, folder, kernelName));
  return { kernel: join(data, 'kernels', kernelName), pages };
}

/**
 * Writes the kernel's description where Jupyter looks for kernels, so that every front end offers it in any folder. It
 * contains the paths of this Node.js and this installation; install it again after either has moved. plotly.js is
 * written beside it, with which pages of Jupyter Notebook and JupyterLab draw figures.
 *
 * @returns the folder written
 * @throws UsageError where it cannot be written
 */
export function installKernel(place: KernelPlace): string {
  needTslab();
  const { kernel, pages } = folders(place);
  const template = JSON.parse(readFileSync(kernelDescription(), 'utf8')) as { argv: readonly string[] };
  const [, ...options] = template.argv.slice(0, -2);
  const argv = [process.execPath, ...options, builtFile('notebook', 'kernel', 'tslab-kernel.cjs'), '{connection_file}'];
  const plotly = readFileSync(plotlyFile());
  for (const folder of pages) writeFileAtomic(join(folder, basename(plotlyFile())), plotly);
  writeFileAtomic(join(kernel, 'kernel.json'), `${JSON.stringify({ ...template, argv }, null, 2)}\n`);
  return kernel;
}

/**
 * Removes what `installKernel` wrote.
 *
 * @returns the folder removed
 * @throws UsageError where no kernel of this name is there
 */
export function uninstallKernel(place: KernelPlace): string {
  const { kernel, pages } = folders(place);
  if (!existsSync(join(kernel, 'kernel.json')))
    throw new UsageError(`missing kernel: ${kernel}; jupyter kernelspec list names where kernels are`);
  for (const folder of [...pages, kernel]) rmSync(folder, { recursive: true, force: true });
  return kernel;
}
