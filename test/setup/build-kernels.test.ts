import test from 'ava';
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { packageRoot } from '../../src/assets.js';
import { load } from './load.js';

const { buildKernels, optionsOf, sourcesOf } = await load<{
  buildKernels: (folder?: string) => Promise<string[]>;
  optionsOf: (source: string) => string[] | undefined;
  sourcesOf: (file: string) => string[];
}>('build-kernels.mjs');

const folder = mkdtempSync(join(tmpdir(), 'kernels-'));
test.after.always(() => {
  rmSync(folder, { recursive: true, force: true });
});

const assembly = join(folder, 'src', 'engine', 'assembly');
const wasm = join(folder, 'dist', 'wasm');

test('options stand in the first line of a module', (t) => {
  t.deepEqual(optionsOf('// asc: -O3 --runtime stub\nexport {}'), ['-O3', '--runtime', 'stub']);
  t.deepEqual(optionsOf('// asc:\n'), []);
  t.is(optionsOf('// A part of a module.\n// asc: -O3\n'), undefined);
});

test.serial('modules are built once, again when a part changes, and a fault says what is wrong', async (t) => {
  mkdirSync(assembly, { recursive: true });
  symlinkSync(join(packageRoot(), 'node_modules'), join(folder, 'node_modules'));
  const part = (factor: number): void => {
    writeFileSync(join(assembly, 'part.ts'), `export function scale(x: f64): f64 { return ${factor} * x; }\n`);
  };
  part(2);
  writeFileSync(
    join(assembly, 'module.ts'),
    `// asc: -O3 --noAssert --runtime stub\nimport { scale } from './part';\nexport function twice(x: f64): f64 { return scale(x); }\n`,
  );
  t.deepEqual(sourcesOf(join(assembly, 'module.ts')), [join(assembly, 'module.ts'), join(assembly, 'part.ts')]);
  const run = async (x: number): Promise<number> => {
    const { instance } = await WebAssembly.instantiate(readFileSync(join(wasm, 'module.wasm')));
    return (instance.exports['twice'] as (x: number) => number)(x);
  };
  t.deepEqual(await buildKernels(folder), ['module']);
  t.is(await run(21), 42);
  t.false(existsSync(join(wasm, 'part.wasm')));
  const { mtimeMs } = statSync(join(wasm, 'module.wasm'));
  t.deepEqual(await buildKernels(folder), []);
  t.is(statSync(join(wasm, 'module.wasm')).mtimeMs, mtimeMs);
  part(3);
  t.deepEqual(await buildKernels(folder), ['module']);
  t.is(await run(21), 63);
  rmSync(join(wasm, 'module.wasm'));
  t.deepEqual(await buildKernels(folder), ['module']);
  writeFileSync(join(assembly, 'part.ts'), 'export function scale(x: f64): f64 { return y; }\n');
  await t.throwsAsync(buildKernels(folder), { message: /module\.ts does not compile[\s\S]*Cannot find name 'y'/ });
  t.is(await run(21), 63);
  rmSync(join(assembly, 'module.ts'));
  t.deepEqual(await buildKernels(folder), []);
  t.false(existsSync(join(wasm, 'module.wasm')), 'what has no source any more is removed');
});

test.serial('a package without kernels has nothing to build', async (t) => {
  t.deepEqual(await buildKernels(join(folder, 'none')), []);
});
