/** Jupyter and Chromium: found, or installed through apt where that is possible, or named in a line of advice. */
import { existsSync } from 'node:fs';
import process from 'node:process';
import { importBuilt, isMain, run, say } from './shared.mjs';

/** What the project's programs can do without, and with what they find it. */
async function missingPrograms(wanted) {
  const { findJupyter } = await importBuilt('notebook/kernel/jupyter.js');
  const { findChromium } = await importBuilt('notebook/export/chromium.js');
  const { debianPackages } = await importBuilt('notebook/programs.js');
  const find = { jupyter: findJupyter, chromium: findChromium };
  return wanted.flatMap((name) => {
    try {
      find[name]();
      return [];
    } catch (error) {
      return [{ name, packages: debianPackages[name], message: error.message }];
    }
  });
}

/** Installs Debian packages; the lists of packages are brought up to date only where that is needed. */
export async function installPackages(packages) {
  const env = { ...process.env, DEBIAN_FRONTEND: 'noninteractive' };
  const apt = (...args) => run('apt-get', ['-qq', '-o', 'DPkg::Lock::Timeout=300', ...args], { env, cwd: '/' });
  const install = () => apt('install', '-y', '--no-install-recommends', ...packages);
  let result = await install();
  if (result.status !== 0 && (await apt('update')).status === 0) result = await install();
  if (result.status === 0) return true;
  const last = result.output.trim().split('\n').pop();
  say(`apt-get install ${packages.join(' ')} failed: ${last}`);
  return false;
}

/** Whether this process may install packages of the system. */
export const canInstall = () => process.getuid?.() === 0 && existsSync('/usr/bin/apt-get');

/**
 * Sees to the programs wanted, of `jupyter` and `chromium`.
 *
 * @returns a line of advice for each that is still missing
 */
export async function ensureSystem(wanted = ['jupyter', 'chromium']) {
  let missing = await missingPrograms(wanted);
  if (missing.length > 0 && canInstall()) {
    const packages = missing.flatMap((program) => program.packages);
    say(`apt-get install ${packages.join(' ')}`);
    if (await installPackages(packages)) missing = await missingPrograms(wanted);
  }
  return missing.map(({ message }) => message);
}

if (isMain(import.meta.url)) for (const line of await ensureSystem()) say(line);
