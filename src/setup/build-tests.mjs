/**
 * The tests as JavaScript in build/test/, file by file, where they import what dist/ holds: a test's process starts in a
 * third of the time that translating it anew takes, and tests run what is published.
 */
import { existsSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { transform } from 'esbuild';
import { digest, readJson, root, writeWhole } from './shared.mjs';

/** Changes with what is written for the same test. */
const form = '1';

const list = (folder) =>
  readdirSync(folder, { recursive: true })
    .map((path) => path.split('\\').join('/'))
    .filter((path) => path.endsWith('.ts'));

/** Brings build/test/ up to date. Throws where a test does not parse. */
export async function buildTests(folder = root) {
  const from = join(folder, 'test');
  const to = join(folder, 'build', 'test');
  const before = readJson(join(to, 'manifest.json')) ?? {};
  const manifest = {};
  for (const path of list(from)) {
    const source = readFileSync(join(from, path), 'utf8');
    manifest[path] = digest(form, source);
    const target = join(to, path.replace(/\.ts$/, '.js'));
    if (manifest[path] === before[path] && existsSync(target)) continue;
    const { code } = await transform(source, {
      loader: 'ts',
      format: 'esm',
      target: 'node20',
      sourcefile: pathToFileURL(join(from, path)).href,
      sourcemap: 'inline',
      sourcesContent: false,
    });
    // from test/a/b.ts the sources are ../../src/; from build/test/a/b.js what was made of them is ../../../dist/
    writeWhole(target, code.replace(/(["'])((?:\.\.\/)+)src\/([^"'\n]+\.js)\1/g, '$1$2../dist/$3$1'));
  }
  for (const path of Object.keys(before))
    if (!(path in manifest)) rmSync(join(to, path.replace(/\.ts$/, '.js')), { force: true });
  writeWhole(join(to, 'manifest.json'), JSON.stringify(manifest));
}
