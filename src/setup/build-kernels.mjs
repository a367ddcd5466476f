/**
 * Compiles the AssemblyScript modules of the folders assembly/ below src/ to dist/wasm/, where they or what they import changed.
 *
 * A module is a file whose first line is a comment `// asc: OPTIONS`; the others are parts of modules. One that asks for
 * relaxed SIMD (`ASC_FEATURE_RELAXED_SIMD`) is built in a second form with it, NAME-relaxed.
 */
import { existsSync, mkdirSync, readdirSync, readFileSync, renameSync, rmSync } from 'node:fs';
import { basename, dirname, join, relative, resolve } from 'node:path';
import process from 'node:process';
import { digest, isMain, readJson, root, say, writeWhole } from './shared.mjs';

/** The options in a module's first line, or undefined where the file is none. */
export function optionsOf(source) {
  const line = /^\/\/ asc:(.*)$/m.exec(source.split('\n', 1)[0]);
  return line?.[1].trim().split(/\s+/).filter(Boolean);
}

/** A module's file and all files it imports, directly or not, in a fixed order. */
export function sourcesOf(file) {
  const found = new Set();
  const visit = (path) => {
    if (found.has(path) || !existsSync(path)) return;
    found.add(path);
    for (const [, name] of readFileSync(path, 'utf8').matchAll(
      /^\s*(?:import|export)\b[^;]*?\bfrom\s+['"](\.[^'"]+)['"]/gm,
    ))
      visit(resolve(dirname(path), name.endsWith('.ts') ? name : `${name.replace(/\.js$/, '')}.ts`));
  };
  visit(file);
  return [...found].sort();
}

/** The forms in which a module is built, each with its options. */
function formsOf(name, options, sources) {
  const plain = { name, options };
  if (!sources.some((path) => readFileSync(path, 'utf8').includes('ASC_FEATURE_RELAXED_SIMD'))) return [plain];
  const relaxed = options.map((option) => (/\bsimd\b/.test(option) ? `${option},relaxed-simd` : option));
  return [plain, { name: `${name}-relaxed`, options: relaxed }];
}

/** The files that lie in a folder `assembly`, sorted. */
function assemblyFiles(folder) {
  if (!existsSync(folder)) return [];
  return readdirSync(folder, { recursive: true })
    .filter((path) => /[\\/]assembly[\\/][^\\/]+\.ts$/.test(path))
    .map((path) => join(folder, path))
    .sort();
}

/** Builds what is missing or out of date. Returns the names built; throws with the compiler's message. */
export async function buildKernels(folder = root) {
  const to = join(folder, 'dist', 'wasm');
  const version = readJson(join(folder, 'node_modules', 'assemblyscript', 'package.json'))?.version ?? 'none';
  const before = readJson(join(to, 'manifest.json')) ?? {};
  const manifest = {};
  const stale = [];
  for (const file of assemblyFiles(join(folder, 'src'))) {
    const options = optionsOf(readFileSync(file, 'utf8'));
    if (!options) continue;
    const name = basename(file, '.ts');
    const sources = sourcesOf(file);
    for (const form of formsOf(name, options, sources)) {
      manifest[form.name] = digest(version, ...sources.flatMap((path) => [relative(folder, path), readFileSync(path)]));
      if (before[form.name] !== manifest[form.name] || !existsSync(join(to, `${form.name}.wasm`)))
        stale.push({ file, ...form });
    }
  }
  for (const name of Object.keys(before)) if (!(name in manifest)) rmSync(join(to, `${name}.wasm`), { force: true });
  if (stale.length === 0) return [];
  const asc = await import('assemblyscript/asc').catch(() => undefined);
  if (!asc)
    throw new Error(
      `missing assemblyscript to build ${stale.map(({ name }) => name).join(', ')}; run npm install, not with --omit=dev`,
    );
  mkdirSync(to, { recursive: true });
  for (const { name, file, options } of stale) {
    const temporary = join(to, `.${name}-${process.pid}.wasm`);
    const message = [];
    const stderr = { write: (text) => void message.push(String(text)) };
    const args = [relative(folder, file), '-o', relative(folder, temporary), ...options];
    const { error } = await asc.main([...args, '--baseDir', folder], { stdout: stderr, stderr });
    if (error) {
      rmSync(temporary, { force: true });
      throw new Error(`${relative(folder, file)} does not compile: ${error.message}\n${message.join('')}`);
    }
    renameSync(temporary, join(to, `${name}.wasm`));
  }
  writeWhole(join(to, 'manifest.json'), JSON.stringify(manifest, null, 1) + '\n');
  return stale.map(({ name }) => name);
}

if (isMain(import.meta.url))
  await buildKernels().then(
    (built) => built.length > 0 && say(`built ${built.map((name) => `${name}.wasm`).join(', ')}`),
    (error) => {
      say(error.message);
      process.exitCode = 1;
    },
  );
