/**
 * The sources as JavaScript in build/esm/, file by file, so that a command starts in a third of the time that
 * translating them anew would take. Each is translated again where its content changed.
 */
import { existsSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import process from 'node:process';
import { pathToFileURL } from 'node:url';
import { digest, readJson, root, writeWhole } from './shared.mjs';

/** Changes with what is written for the same source. */
const form = 1;

function list(folder, below = '') {
  return readdirSync(join(folder, below), { withFileTypes: true }).flatMap((entry) => {
    const path = below ? `${below}/${entry.name}` : entry.name;
    // AssemblyScript is another language.
    if (entry.isDirectory()) return path === 'engine/assembly' ? [] : list(folder, path);
    return entry.name.endsWith('.ts') && !entry.name.endsWith('.d.ts') ? [path] : [];
  });
}

/** Brings build/esm/ up to date and returns its path. Throws where a source does not parse or nothing can be written. */
export async function translateSources(folder = root) {
  const from = join(folder, 'src');
  const to = join(folder, 'build', 'esm');
  const before = readJson(join(to, 'manifest.json')) ?? {};
  const manifest = {};
  const stale = [];
  for (const path of list(from)) {
    const source = readFileSync(join(from, path), 'utf8');
    manifest[path] = digest(String(form), source);
    if (manifest[path] !== before[path]) stale.push({ path, source });
  }
  const gone = Object.keys(before).filter((path) => !(path in manifest));
  if (stale.length + gone.length === 0) return to;
  const target = (path) => join(to, path.replace(/\.ts$/, '.js'));
  // The translator that tsx brings with it.
  const near = createRequire(createRequire(join(folder, 'package.json')).resolve('tsx/package.json'));
  const { transformSync } = near('esbuild');
  for (const { path, source } of stale) {
    const { code } = transformSync(source, {
      loader: 'ts',
      format: 'esm',
      target: 'node20',
      sourcefile: pathToFileURL(join(from, path)).href,
      sourcemap: 'inline',
      sourcesContent: false,
      logLevel: 'silent',
    });
    writeWhole(target(path), code);
  }
  for (const path of gone) rmSync(target(path), { force: true });
  writeWhole(join(to, 'manifest.json'), JSON.stringify(manifest));
  return to;
}

/**
 * Imports a source by its path below src/, such as `cli.ts`.
 *
 * Where build/ cannot be written it is translated by tsx as it is loaded; an installed package without sources has
 * dist/.
 */
export async function importSource(path, folder = root) {
  process.env.TRIPLETLAB_ROOT = folder;
  const script = path.replace(/\.ts$/, '.js');
  if (!existsSync(join(folder, 'src', path))) return import(pathToFileURL(join(folder, 'dist', script)).href);
  process.setSourceMapsEnabled(true);
  let translated;
  try {
    translated = await translateSources(folder);
  } catch (error) {
    if (!['EACCES', 'EROFS', 'EPERM', 'MODULE_NOT_FOUND', 'ENOSPC', 'EDQUOT'].includes(error.code)) throw error;
    const { register } = await import('tsx/esm/api');
    register();
    return import(pathToFileURL(join(folder, 'src', path)).href);
  }
  return import(pathToFileURL(join(translated, script)).href);
}
