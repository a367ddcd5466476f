/**
 * `npm run build:torch`, and `tripletlab build-torch` where it is installed: finds a libtorch, builds the addon of the torch engines against it in build/torch/ and checks it.
 *
 * Looked through in turn: the folder that $TRIPLETLAB_TORCH names, PyTorch of `python3`, Debian's libtorch-dev (which is
 * installed where nothing is found and that is possible).
 */
import {
  copyFileSync,
  existsSync,
  mkdirSync,
  readFileSync,
  readdirSync,
  realpathSync,
  renameSync,
  rmSync,
  statSync,
} from 'node:fs';
import { createRequire } from 'node:module';
import { availableParallelism, totalmem } from 'node:os';
import { basename, dirname, join, relative } from 'node:path';
import process from 'node:process';
import { digest, isMain, readJson, root, run, say, writeWhole } from './shared.mjs';
import { canInstall, installPackages } from './system.mjs';

const VARIABLE = 'TRIPLETLAB_TORCH';
const HEADER = 'ATen/ATen.h';
const sources = join(root, 'src', 'engine', 'torch', 'native');
const target = join(root, 'build', 'torch');

/** A libtorch as it lies in a folder: headers in include/, libraries in lib/ or, as Debian has them, in a folder of lib/. */
function inFolder(folder, name) {
  const include = join(folder, 'include');
  const libraries = join(folder, 'lib');
  if (!existsSync(join(include, HEADER)) || !existsSync(libraries)) return undefined;
  const lib = [libraries, ...readdirSync(libraries).map((below) => join(libraries, below))].find(hasLibrary);
  return lib && { name, include: [include, join(include, 'torch', 'csrc', 'api', 'include')], lib };
}

const hasLibrary = (lib) => ['libtorch.so', 'libtorch.dylib'].some((file) => existsSync(join(lib, file)));

async function ofPython(python) {
  const program = 'import os, torch; print(os.path.dirname(torch.__file__))';
  const { status, output } = await run(python, ['-c', program], { cwd: '/' });
  return status === 0 ? inFolder(output.trim().split('\n').pop(), `PyTorch of ${python}`) : undefined;
}

const ofDebian = () => inFolder('/usr', 'libtorch-dev');

/**
 * Where libtorch is.
 *
 * @returns undefined where there is none
 * @throws Error where $TRIPLETLAB_TORCH names a folder without one
 */
export async function findTorch() {
  const told = process.env[VARIABLE];
  if (told) {
    const found = inFolder(told, VARIABLE);
    if (!found) throw new Error(`invalid ${VARIABLE}: ${told}; there is no include/${HEADER} and lib/libtorch.so`);
    return found;
  }
  return (await ofPython('python3')) ?? (await ofPython('/usr/bin/python3')) ?? ofDebian();
}

/** Whether its headers refuse C++17, as they do from 2.13 or 2.14 on. */
const needsCpp20 = ([include]) => /C\+\+20 or later/.test(readFileSync(join(include, HEADER), 'utf8'));

/** How a libtorch wants to be compiled with and linked. */
export function flagsOf({ lib, include }) {
  const libraries = readdirSync(lib);
  const has = (name) => libraries.some((file) => file === `lib${name}.so` || file === `lib${name}.dylib`);
  const names = ['torch', 'torch_cpu', 'c10', 'torch_cuda', 'c10_cuda'].filter(has);
  const core = libraries.find((file) => /^libc10\.(so|dylib)/.test(file));
  // libraries of before 2.7 from python.org's index keep the strings of GCC 4
  const modern = !core || readFileSync(join(lib, core)).includes('__cxx11');
  return {
    link: [`-L${lib}`, `-Wl,-rpath,${lib}`, ...names.map((name) => `-l${name}`)],
    flags: [
      `-std=c++${needsCpp20(include) ? 20 : 17}`,
      ...(process.platform === 'linux' ? [`-D_GLIBCXX_USE_CXX11_ABI=${modern ? 1 : 0}`] : []),
    ],
  };
}

/** The prefix below whose include/node/ Node's own headers are, so that none are downloaded; undefined where there is none. */
export function nodeHeaders() {
  const prefix = dirname(dirname(process.execPath));
  return [prefix, '/usr', '/usr/local'].find((folder) => existsSync(join(folder, 'include', 'node', 'node_api.h')));
}

/** node-gyp: this package's, or the one that every npm brings with it. */
function findGyp(require) {
  const npm = ['npm', 'lib/node_modules/npm', 'share/npm'].flatMap((path) => [
    join(dirname(process.execPath), '..', path),
    join(dirname(process.execPath), 'node_modules', path),
  ]);
  const folders = [process.env.npm_execpath && join(dirname(process.env.npm_execpath), '..'), ...npm];
  for (const folder of [undefined, ...folders])
    try {
      return require.resolve('node-gyp/bin/node-gyp.js', folder ? { paths: [folder] } : undefined);
    } catch {
      // not there
    }
  throw new Error('node-gyp not found, neither here nor with npm; run npm install node-gyp');
}

/** A compiler's first errors, of which the others follow; without any, the last lines. */
function essentials(output) {
  const lines = output.trim().split('\n');
  const errors = lines.filter((line) => /\berror\b[ :]/.test(line));
  return (errors.length > 0 ? errors.slice(0, 10) : lines.slice(-25)).join('\n');
}

/** Compiles and links; about a minute and a half of processor time. */
async function compile(torch) {
  const { link, flags } = flagsOf(torch);
  const require = createRequire(import.meta.url);
  const gyp = findGyp(require);
  const headers = nodeHeaders();
  const shared = ['-C', sources, ...(headers ? [`--nodedir=${headers}`] : [])];
  // 1.5 GB for each file that is being compiled
  const jobs = Math.max(1, Math.min(availableParallelism(), Math.floor(totalmem() / 1.5e9)));
  const define = (name, values) => `-D${name}=${values.join(' ')}`;
  const steps = [
    ['configure', ...shared, '--', define('torch_include', torch.include), define('torch_link', link), define('torch_flags', flags)],
    ['build', ...shared, `--jobs=${jobs}`],
  ]; // prettier-ignore
  for (const step of steps) {
    const { status, output } = await run(process.execPath, [gyp, ...step]);
    if (status !== 0) throw new Error(`node-gyp ${step[0]} failed:\n${essentials(output)}`);
  }
  mkdirSync(target, { recursive: true });
  const temporary = join(target, `.torch-${process.pid}.node`);
  copyFileSync(join(sources, 'build', 'Release', 'torch.node'), temporary);
  renameSync(temporary, join(target, 'torch.node'));
}

/** Builds where something changed. Returns the manifest: what it was built against. */
export async function buildTorch() {
  let torch = await findTorch();
  if (!torch && canInstall()) {
    const packages = ['libtorch-dev', 'libopenblas0-pthread'];
    say(`apt-get install ${packages.join(' ')}`);
    if (await installPackages(packages)) torch = ofDebian();
  }
  if (!torch)
    throw new Error(
      `there is no libtorch here; apt-get install libtorch-dev, or pip install torch, or name its folder in ${VARIABLE}`,
    );
  const files = readdirSync(sources)
    .filter((file) => /\.(cc|h|gyp)$/.test(file))
    .sort();
  const version = libraryVersion(torch);
  const key = digest(JSON.stringify(torch), version, ...files.map((file) => readFileSync(join(sources, file))));
  const before = readJson(join(target, 'manifest.json'));
  if (before?.key === key && existsSync(join(target, 'torch.node'))) return { ...before, fresh: false };
  say(`build/torch: with ${torch.name} in ${torch.lib}`);
  // make does not look at headers of the system, which may be another libtorch's now
  if (before?.version !== version) rmSync(join(sources, 'build'), { recursive: true, force: true });
  await compile(torch);
  const manifest = { key, version, name: torch.name, lib: torch.lib };
  writeWhole(join(target, 'manifest.json'), `${JSON.stringify(manifest, null, 1)}\n`);
  return { ...manifest, fresh: true };
}

/** Something that changes with the library. */
function libraryVersion({ lib }) {
  const core = readdirSync(lib).find((file) => /^libtorch_cpu\.(so|dylib)/.test(file));
  const { size, mtimeMs } = statSync(join(lib, core));
  return `${size} ${mtimeMs}`;
}

/** The reference BLAS, where the system's libtorch multiplies by it; undefined where there is a faster one in its place. */
export function referenceBlas({ lib }, system = '/usr/lib') {
  if (!lib.startsWith(system)) return undefined;
  const file = readdirSync(system)
    .map((name) => join(system, name, 'libblas.so.3'))
    .find(existsSync);
  return file !== undefined && basename(dirname(realpathSync(file))) === 'blas' ? file : undefined;
}

/** What the engine says of itself in a process of its own, and the reference vectors on it. */
async function check() {
  const program = relative(root, join(root, 'dist', 'cli.js'));
  return run(process.execPath, [program, 'verify', '--engine', 'torch-cpu'], { show: true });
}

if (isMain(import.meta.url))
  try {
    if (existsSync(join(root, 'package-lock.json'))) {
      // a checkout; an installed package has its packages and is built
      await (await import('./dependencies.mjs')).ensureDependencies();
      await (await import('./build.mjs')).build();
    }
    const { name, lib, fresh } = await buildTorch();
    say(`build/torch: ${fresh ? 'built' : 'up to date'} with ${name} in ${lib}`);
    const slow = referenceBlas({ lib });
    if (slow) say(`build/torch: ${slow} is the reference BLAS, ten times slower; apt-get install libopenblas0-pthread`);
    const { status } = await check();
    if (status !== 0) {
      // `engine: auto` would take it
      for (const file of ['torch.node', 'manifest.json']) rmSync(join(target, file), { force: true });
      say(`build/torch: what was built with ${name} in ${lib} fails its checks here and is removed`);
    }
    process.exitCode = status === 0 ? 0 : 1;
  } catch (error) {
    say(error.message);
    process.exitCode = 1;
  }
