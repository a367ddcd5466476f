import test from 'ava';
import { spawnSync } from 'node:child_process';
import { mkdirSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { temporaryFolder } from '../command-line.js';
import { load } from './load.js';

interface Torch {
  name: string;
  lib: string;
  include: string[];
}

interface BuildTorch {
  findTorch(): Promise<Torch | undefined>;
  flagsOf(torch: Torch): { link: string[]; flags: string[] };
  referenceBlas(torch: { lib: string }, system: string): string | undefined;
}

test.serial('a folder of libtorch is taken by its name, and refused in one line where it is none', async (t) => {
  const { findTorch } = await load<BuildTorch>('build-torch.mjs');
  const folder = temporaryFolder();
  const before = process.env['TRIPLETLAB_TORCH'];
  process.env['TRIPLETLAB_TORCH'] = folder;
  try {
    await t.throwsAsync(findTorch(), {
      message: `invalid TRIPLETLAB_TORCH: ${folder}; there is no include/ATen/ATen.h and lib/libtorch.so`,
    });
    const { status, stderr } = spawnSync('node', ['src/setup/build-torch.mjs'], { encoding: 'utf8' });
    t.is(status, 1);
    t.is(stderr.trim().split('\n').length, 1, stderr);
    mkdirSync(join(folder, 'include', 'ATen'), { recursive: true });
    writeFileSync(join(folder, 'include', 'ATen', 'ATen.h'), '');
    mkdirSync(join(folder, 'lib'));
    writeFileSync(join(folder, 'lib', 'libtorch.so'), '');
    t.is((await findTorch())?.lib, join(folder, 'lib'));
  } finally {
    if (before === undefined) delete process.env['TRIPLETLAB_TORCH'];
    else process.env['TRIPLETLAB_TORCH'] = before;
    rmSync(folder, { recursive: true });
  }
});

test.serial('libraries in a folder of lib/ are found, with CUDA, and headers that need C++20 get it', async (t) => {
  const { findTorch, flagsOf } = await load<BuildTorch>('build-torch.mjs');
  const folder = temporaryFolder();
  const lib = join(folder, 'lib', 'x86_64-linux-gnu');
  const header = join(folder, 'include', 'ATen', 'ATen.h');
  mkdirSync(lib, { recursive: true });
  mkdirSync(join(folder, 'include', 'ATen'), { recursive: true });
  writeFileSync(header, '#error C++17 or later compatible compiler is required to use ATen.');
  for (const name of ['torch', 'torch_cpu', 'c10', 'torch_cuda']) writeFileSync(join(lib, `lib${name}.so`), '__cxx11');
  const before = process.env['TRIPLETLAB_TORCH'];
  process.env['TRIPLETLAB_TORCH'] = folder;
  try {
    const torch = (await findTorch())!;
    t.is(torch.lib, lib);
    t.true(flagsOf(torch).link.includes('-ltorch_cuda'));
    t.true(flagsOf(torch).flags.includes('-std=c++17'));
    writeFileSync(header, '#error C++20 or later compatible compiler is required to use ATen.');
    t.true(flagsOf(torch).flags.includes('-std=c++20'));
    rmSync(join(lib, 'libtorch_cuda.so'));
    t.false(flagsOf(torch).link.includes('-ltorch_cuda'));
  } finally {
    if (before === undefined) delete process.env['TRIPLETLAB_TORCH'];
    else process.env['TRIPLETLAB_TORCH'] = before;
    rmSync(folder, { recursive: true });
  }
});

test('a slow BLAS under the libtorch of the system is noticed', async (t) => {
  const { referenceBlas } = await load<BuildTorch>('build-torch.mjs');
  const system = temporaryFolder();
  const architecture = join(system, 'x86_64-linux-gnu');
  const link = join(architecture, 'libblas.so.3');
  for (const [library, slow] of [
    ['blas', true],
    ['openblas-pthread', false],
  ] as const) {
    mkdirSync(join(architecture, library), { recursive: true });
    writeFileSync(join(architecture, library, 'libblas.so.3'), '');
    symlinkSync(join(library, 'libblas.so.3'), link);
    t.is(referenceBlas({ lib: architecture }, system), slow ? link : undefined);
    t.is(referenceBlas({ lib: '/opt/torch/lib' }, system), undefined);
    rmSync(link);
  }
  rmSync(system, { recursive: true });
});
