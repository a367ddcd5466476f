/** The packages of package-lock.json in node_modules: `npm ci` where they are not there as the lock file says. */
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import process from 'node:process';
import { withLock } from './lock.mjs';
import { isMain, readJson, root, run, say } from './shared.mjs';

export { withLock };

/** Why node_modules does not match the lock file, or undefined where it does. */
export function mismatch(folder) {
  const lock = readJson(join(folder, 'package-lock.json'))?.packages;
  if (!lock) return 'package-lock.json is missing or broken';
  // npm writes this one last: after an interrupted installation it is not there.
  const installed = readJson(join(folder, 'node_modules', '.package-lock.json'))?.packages;
  if (!installed) return 'node_modules is missing or incomplete';
  for (const [path, { version, optional, link }] of Object.entries(lock)) {
    if (path === '' || link) continue;
    // Optional packages for other platforms, or whose own installation failed, are absent by right.
    if (!installed[path]) {
      if (!optional) return `${path} is not installed`;
    } else if (installed[path].version !== version) return `${path} has another version`;
    else if (!optional && !existsSync(join(folder, path))) return `${path} is gone`;
  }
  const extra = Object.keys(installed).find((path) => !(path in lock));
  return extra === undefined ? undefined : `${extra} is not in the lock file`;
}

/** Why this Node cannot run the package, or undefined where it can. */
export function unsupportedNode(version) {
  const [major, minor] = version.replace(/^v/, '').split('.').map(Number);
  const fits = (major === 20 && minor >= 19) || (major === 22 && minor >= 12) || major > 22;
  return fits ? undefined : `Node ${version} is not supported; install Node 20.19 or later, or 22.12 or later`;
}

/** The environment for npm, without what an outer `npm --prefix` or production setting would change. */
export function npmEnvironment(outer) {
  const dropped = /^(npm_config_(prefix|local_prefix|global|omit|production|ignore_scripts|dry_run)|NODE_ENV)$/i;
  return Object.fromEntries(Object.entries(outer).filter(([name]) => !dropped.test(name)));
}

/** Installs the packages where needed. Throws with one line where that fails. */
export async function ensureDependencies(folder = root) {
  const problem = unsupportedNode(process.version);
  if (problem) throw new Error(problem);
  if (mismatch(folder) === undefined) return;
  await withLock(join(folder, 'build', '.set-up.lock'), async () => {
    const why = mismatch(folder);
    if (why === undefined) return;
    say(`npm ci (${why})`);
    const npm = process.env.npm_execpath;
    const args = ['ci', '--include=dev', '--include=optional', '--no-audit', '--no-fund', '--loglevel=error'];
    const [command, ...first] = npm?.endsWith('.js') && existsSync(npm) ? [process.execPath, npm] : ['npm'];
    const { status, output } = await run(command, [...first, ...args], {
      cwd: folder,
      env: npmEnvironment(process.env),
    });
    if (status !== 0) {
      const lines = output.trim().split('\n').slice(-15).join('\n');
      throw new Error(`npm ci failed with status ${status}:\n${lines}`);
    }
    const still = mismatch(folder);
    if (still) throw new Error(`npm ci did not install everything: ${still}`);
  });
}

if (isMain(import.meta.url))
  await ensureDependencies().catch((error) => {
    say(error.message);
    process.exitCode = 1;
  });
