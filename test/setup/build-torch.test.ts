import test from 'ava';
import { spawnSync } from 'node:child_process';
import { mkdirSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { temporaryFolder } from '../command-line.js';
import { load } from './load.js';

interface BuildTorch {
  findTorch(): Promise<{ name: string; lib: string; include: string[] } | undefined>;
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
