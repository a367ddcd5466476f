import { execFile, spawnSync } from 'node:child_process';
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
  jupyter ??= candidates().find((command) => spawnSync(command, probe, probeOptions()).status === 0);
  return jupyter ?? missing();
}

/** `findJupyter` for who has other work meanwhile: to ask Python takes most of a second. */
export async function lookForJupyter(): Promise<string> {
  for (const command of jupyter === undefined ? candidates() : []) {
    const runs = await new Promise<boolean>((done) => {
      execFile(command, probe, probeOptions(), (error) => {
        done(error === null);
      });
    });
    if (runs) return (jupyter = command);
  }
  return jupyter ?? missing();
}

const probe = ['nbconvert', '--version'];
const probeOptions = () => ({ env: jupyterEnvironment(), timeout: 60_000 });

function candidates(): string[] {
  const told = process.env['JUPYTER'];
  return told ? [told] : [...programs(['jupyter'])];
}

function missing(): never {
  const told = process.env['JUPYTER'];
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
