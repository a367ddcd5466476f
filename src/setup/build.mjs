/**
 * `npm run build`: src/ as JavaScript with declarations and source maps in dist/, the WebAssembly kernels in dist/wasm/,
 * and the reference vectors that `tripletlab verify` reads. What is up to date stays as it is.
 */
import { chmodSync, existsSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import process from 'node:process';
import { buildKernels } from './build-kernels.mjs';
import { withLock } from './lock.mjs';
import { digest, isMain, readJson, root, run, say, writeWhole } from './shared.mjs';

/** Changes with what is written for the same sources. */
const form = '1';

/** Folders of src/ that hold other languages, or programs that run before anything is built. */
const apart = /(^|\/)(assembly|native|setup)$/;

/** Every file below a folder, by its path from there. */
function list(folder, below = '') {
  return readdirSync(join(folder, below), { withFileTypes: true }).flatMap((entry) => {
    const path = below ? `${below}/${entry.name}` : entry.name;
    if (!entry.isDirectory()) return [path];
    return apart.test(path) ? [] : list(folder, path);
  });
}

/** The reference vectors of which `tripletlab verify` has checkers; the others are the tests' own. */
const vectorFiles = (folder) =>
  list(join(folder, 'test', 'golden')).filter((path) =>
    /^(losses|metrics|optimizers|python_random|splits|backbones|vit_tiny|preprocessing)\.json$|^formats\//.test(path),
  );

/** Typed arrays as TypeScript before 5.7 knows them, which notebook cells are checked by; today's take them the same. */
const plainArrays = (text) =>
  text.replace(/\b((?:Float|Int|Uint|BigInt|BigUint)\d+(?:Clamped)?Array)<ArrayBuffer(?:Like)?>/g, '$1');

/** A source map that lies one folder nearer to the sources. */
function nearer(text) {
  const map = JSON.parse(text);
  return JSON.stringify({ ...map, sources: map.sources.map((source) => source.replace(/^\.\.\//, '')) });
}

/** Compiles src/ with tsc; incremental, so that a second run takes what changed. */
async function compile(folder) {
  const tsc = join(folder, 'node_modules', 'typescript', 'bin', 'tsc');
  const { status, output } = await run(process.execPath, [tsc, '-p', join(folder, 'src')], { cwd: folder });
  if (status !== 0) throw new Error(output.trim());
}

/** What dist/ holds besides the kernels: `path -> text or bytes`. */
function* products(folder, sources) {
  const compiled = join(folder, 'build', 'compiled');
  for (const path of sources) {
    if (path === 'tsconfig.json' || path.endsWith('.md')) continue;
    if (!path.endsWith('.ts')) {
      yield [path, readFileSync(join(folder, 'src', path))];
      continue;
    }
    const stem = path.slice(0, -'.ts'.length);
    yield [`${stem}.js`, readFileSync(join(compiled, `${stem}.js`))];
    yield [`${stem}.js.map`, nearer(readFileSync(join(compiled, `${stem}.js.map`), 'utf8'))];
    yield [`${stem}.d.ts`, plainArrays(readFileSync(join(compiled, `${stem}.d.ts`), 'utf8'))];
  }
  for (const path of vectorFiles(folder))
    yield [`verification/vectors/${path}`, readFileSync(join(folder, 'test', 'golden', path))];
}

/** Writes the files that differ and removes those that are no longer made. */
function write(dist, files) {
  const made = new Set(['manifest.json']);
  for (const [path, content] of files) {
    made.add(path);
    const file = join(dist, path);
    const bytes = Buffer.from(content);
    if (!existsSync(file) || !readFileSync(file).equals(bytes)) writeWhole(file, bytes);
  }
  for (const path of list(dist))
    if (!made.has(path) && !path.startsWith('wasm/')) rmSync(join(dist, path), { force: true });
  chmodSync(join(dist, 'cli.js'), 0o755);
}

/** Builds what is missing or out of date; returns whether there was anything. Throws with the compilers' messages. */
export async function build(folder = root) {
  const dist = join(folder, 'dist');
  const src = join(folder, 'src');
  const keyOf = (sources) =>
    digest(
      form,
      readJson(join(folder, 'node_modules', 'typescript', 'package.json'))?.version ?? 'none',
      readFileSync(join(folder, 'tsconfig.json')),
      ...sources.flatMap((path) => [path, readFileSync(join(src, path))]),
      ...vectorFiles(folder).map((path) => readFileSync(join(folder, 'test', 'golden', path))),
    );
  return withLock(join(folder, 'build', '.build.lock'), async () => {
    const kernels = await buildKernels(folder);
    const sources = list(src);
    const key = keyOf(sources);
    if (readJson(join(dist, 'manifest.json'))?.key === key) return kernels.length > 0;
    rmSync(join(dist, 'manifest.json'), { force: true });
    await compile(folder);
    write(dist, products(folder, sources));
    writeWhole(join(dist, 'manifest.json'), `${JSON.stringify({ key })}\n`);
    return true;
  });
}

if (isMain(import.meta.url))
  await build().then(
    (built) => say(built ? 'dist: built' : 'dist: up to date'),
    (error) => {
      say(error.message);
      process.exitCode = 1;
    },
  );
