import { execFile } from 'node:child_process';
import { mkdtempSync, readdirSync, renameSync, rmSync } from 'node:fs';
import { dirname, join } from 'node:path';
import type { Contents } from '../../acquisition/manifest.js';
import { compareContents } from '../../acquisition/verify.js';
import { packageRoot } from '../../assets.js';
import { makeFolder } from '../../files.js';

const PUBLIC_REGISTRY = 'https://registry.npmjs.org/';

/** Runs npm and returns what it prints, or undefined if it fails, is missing, or takes too long. */
function npm(args: readonly string[], seconds: number): Promise<string | undefined> {
  const options = { cwd: packageRoot(), timeout: 1000 * seconds, shell: process.platform === 'win32' };
  return new Promise((done) => {
    execFile('npm', args, options, (error, stdout) => done(error === null ? stdout.trim() : undefined));
  });
}

/** Returns a package's address at the registry that npm is configured for. */
export async function packageUrl(url: string): Promise<string> {
  const configured = await npm(['config', 'get', 'registry'], 30);
  if (configured === undefined || !/^https?:\/\//.test(configured)) return url;
  return url.replace(PUBLIC_REGISTRY, configured.replace(/\/*$/, '/'));
}

/**
 * Lets npm download a package's archive, without running any code of it.
 *
 * @returns whether the file is now there with the right contents
 */
export async function npmPack(name: string, file: string, contents: Contents): Promise<boolean> {
  makeFolder(dirname(file));
  const temporary = mkdtempSync(join(dirname(file), '.npm-'));
  try {
    const pack = ['pack', name, '--ignore-scripts', '--silent', '--pack-destination', temporary];
    if ((await npm(pack, 600)) === undefined) return false;
    const [packed] = readdirSync(temporary);
    if (packed === undefined || (await compareContents(join(temporary, packed), contents, true)) !== null) return false;
    renameSync(join(temporary, packed), file);
    return true;
  } finally {
    rmSync(temporary, { recursive: true, force: true });
  }
}
