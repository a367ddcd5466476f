import { spawnSync } from 'node:child_process';
import { delimiter, dirname } from 'node:path';
import { UsageError } from '../errors.js';
import { builtFile } from '../paths.js';
import { debianPackages, installAdvice, programs } from './programs.js';

let jupyter: string | undefined;

/**
 * A `jupyter` that can execute and convert notebooks; several Pythons may be installed, of which one has the packages.
 *
 * `$JUPYTER` if set, else the first on the search path, then `/usr/bin/jupyter`, whose nbconvert runs.
 *
 * @throws UsageError saying what to install
 */
export function findJupyter(): string {
  const told = process.env['JUPYTER'];
  const runs = (command: string): boolean =>
    spawnSync(command, ['nbconvert', '--version'], { env: jupyterEnvironment(), timeout: 60_000 }).status === 0;
  jupyter ??= [...(told ? [told] : programs(['jupyter']))].find(runs);
  if (jupyter !== undefined) return jupyter;
  if (told) throw new UsageError(`invalid JUPYTER: ${told}; it does not run nbconvert`);
  throw new UsageError(
    `missing program: jupyter with nbconvert; ${installAdvice(debianPackages.jupyter)} or set JUPYTER`,
  );
}

/** The environment in which Jupyter finds this package's kernel, and the kernel this very Node. */
export function jupyterEnvironment(): NodeJS.ProcessEnv {
  const { PATH, JUPYTER_PATH } = process.env;
  const kernels = builtFile('kernel', 'jupyter');
  return {
    ...process.env,
    PATH: [dirname(process.execPath), PATH].filter(Boolean).join(delimiter),
    JUPYTER_PATH: [kernels, JUPYTER_PATH].filter(Boolean).join(delimiter),
    PYDEVD_DISABLE_FILE_VALIDATION: '1',
  };
}
