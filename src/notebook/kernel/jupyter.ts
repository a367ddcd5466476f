import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { delimiter, dirname, isAbsolute, join } from 'node:path';
import { UsageError } from '../../errors.js';
import { builtFile } from '../../assets.js';
import { debianPackages, executable, installAdvice, programs } from '../programs.js';

/** The kernel's name in notebooks and in Jupyter's commands. */
export const kernelName = 'tripletlab';

/** Returns the file of the kernel's description in this package, for `JUPYTER_PATH` and for the installation. */
export const kernelDescription = (): string =>
  builtFile('notebook', 'kernel', 'jupyter', 'kernels', kernelName, 'kernel.json');

let jupyter: string | undefined;

/**
 * Finds a `jupyter` that can execute and convert notebooks: perhaps only one of several Pythons has the packages.
 *
 * It is `$JUPYTER` if set, else the first on the search path, then `/usr/bin/jupyter`, that has nbconvert.
 *
 * @throws UsageError saying what to install
 */
export function findJupyter(): string {
  jupyter ??= candidates().find(converts);
  return jupyter ?? missing();
}

/** Does this `jupyter` have nbconvert? It asks its Python, which is ten times as fast as starting nbconvert. */
function converts(command: string): boolean {
  const python = executable(join(dirname(command), 'jupyter-nbconvert')) ? interpreter(command) : undefined;
  const [program, args] =
    python === undefined
      ? [command, ['nbconvert', '--version']]
      : [python, ['-c', "from importlib.metadata import version; version('nbconvert')"]];
  return spawnSync(program, args, { env: jupyterEnvironment(), timeout: 60_000 }).status === 0;
}

/** Returns the Python that the first line of a script names; undefined where it names none, as in a shim. */
export function interpreter(script: string): string | undefined {
  const [first] = readFileSync(script, 'latin1').split('\n', 1);
  const program = /^#!\s*(\S*python[\d.]*)\s*$/.exec(first)?.[1];
  return program !== undefined && isAbsolute(program) && executable(program) ? program : undefined;
}

function candidates(): string[] {
  const told = process.env['JUPYTER'];
  return told ? [told] : [...programs(['jupyter'])];
}

function missing(): never {
  const told = process.env['JUPYTER'];
  if (told) throw new UsageError(`invalid JUPYTER: ${told}; it does not run nbconvert, name another or unset JUPYTER`);
  throw new UsageError(
    `missing program: jupyter with nbconvert; ${installAdvice(debianPackages.jupyter)} or set JUPYTER`,
  );
}

/** Returns the environment in which Jupyter finds this package's kernel, and the kernel the present Node.js. */
export function jupyterEnvironment(): NodeJS.ProcessEnv {
  const { PATH, JUPYTER_PATH } = process.env;
  const kernels = builtFile('notebook', 'kernel', 'jupyter');
  return {
    ...process.env,
    PATH: [dirname(process.execPath), PATH].filter(Boolean).join(delimiter),
    JUPYTER_PATH: [kernels, JUPYTER_PATH].filter(Boolean).join(delimiter),
    PYDEVD_DISABLE_FILE_VALIDATION: '1',
  };
}
