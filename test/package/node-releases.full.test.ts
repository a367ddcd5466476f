import test from 'ava';
import { spawnSync } from 'node:child_process';
import { copyFileSync, existsSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { joined, readNotebook } from '../../src/notebook/notebook-file.js';
import { packageRoot } from '../../src/assets.js';
import { temporaryFolder } from '../command-line.js';
import { makeFolder, noJupyter } from '../notebook/helpers.js';
import { load } from '../setup/load.js';
import { torchIsBuilt } from '../engine/torch-is-built.js';

const { nodeOf, releases } = await load<{ nodeOf(release: number): string; releases: readonly number[] }>(
  'node-releases.mjs',
);

interface Ended {
  readonly status: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

const { folder, remove } = makeFolder();
test.after.always(remove);

const majorOf = (release: number | string): number =>
  typeof release === 'number' ? release : Number(process.versions.node.split('.')[0]);

for (const release of ['of these tests', ...releases] as const) {
  const node = typeof release === 'number' ? nodeOf(release) : process.execPath;
  const missing = existsSync(node) ? undefined : `Node.js ${release} could not be had`;
  const run = (args: readonly string[], cwd = packageRoot(), variables: NodeJS.ProcessEnv = {}): Ended =>
    spawnSync(node, args, { cwd, encoding: 'utf8', timeout: 280_000, env: { ...process.env, ...variables } });
  const command = join(packageRoot(), 'dist', 'cli.js');
  const title = (what: string, reason = missing): string =>
    `Node.js ${release} ${what}${reason === undefined ? '' : ` (${reason})`}`;
  const unless = (reason: string | undefined) => (reason === undefined ? test.serial : test.serial.skip);

  unless(missing)(title('imports and requires the package'), (t) => {
    const imported = run([
      '--input-type=module',
      '-e',
      `console.log(typeof (await import('tripletlab')).training.train)`,
    ]);
    t.is(imported.stdout, 'function\n', imported.stderr);
    const required = run(['-e', `console.log(typeof require('tripletlab').training.train)`]);
    t.is(required.stdout, 'function\n', required.stderr);
  });

  unless(missing)(title('trains a teacher and a small student on wasm'), (t) => {
    const cwd = temporaryFolder();
    t.teardown(() => {
      rmSync(cwd, { recursive: true });
    });
    for (const [name, ...overrides] of [
      ['synthetic_p_ste', 'optimization.num_training_epochs=2'],
      ['synthetic_d_ste', 'optimization.num_training_epochs=1', 'optimization.num_batches_per_epoch=2'],
    ] as const) {
      const args = [`configurations/synthetic/${name}.yaml`, 'engine=wasm', ...overrides];
      const { stdout, stderr, status } = run([command, 'train', ...args], cwd);
      t.is(status, 0, stderr);
      t.regex(stdout, /finished, best FCT 0\.\d+/);
    }
  });

  unless(missing)(title("computes the original's vectors of a transformer on wasm"), (t) => {
    const { status, stdout, stderr } = run([command, 'verify', '--engine', 'wasm', '--only', 'vit_tiny']);
    t.is(status, 0, stderr + stdout);
    t.is((stdout + stderr).includes('relaxed SIMD'), majorOf(release) >= 22);
  });

  unless(missing)(title('computes the same bits with wide vectors and without'), (t) => {
    const digests = (wanted: string) => {
      const program = join(packageRoot(), 'build', 'test', 'engine', 'wasm', 'digests.js');
      const { stdout, stderr } = run([program], packageRoot(), { TRIPLETLAB_WIDE_VECTORS: wanted });
      t.regex(stdout, /^{.*}\n$/, stderr);
      return JSON.parse(stdout) as { wide: boolean; digests: Record<string, string> };
    };
    const [usual, narrow] = [digests(''), digests('off')];
    t.false(narrow.wide);
    t.is(usual.wide, process.arch === 'x64' && process.platform !== 'darwin' && [24, 26].includes(majorOf(release)));
    t.deepEqual(usual.digests, narrow.digests);
  });

  unless(missing ?? noJupyter)(title('runs the first notebook', missing ?? noJupyter), (t) => {
    const file = join(folder, `quick-start-${typeof release === 'number' ? release : 'own'}.ipynb`);
    copyFileSync(join(packageRoot(), 'notebooks', '00-quick-start.ipynb'), file);
    const { status, stderr } = run([command, 'notebook', 'run', '--in-place', file]);
    t.is(status, 0, stderr);
    const outputs = readNotebook(file).cells.flatMap(({ outputs = [] }) => outputs);
    t.true(outputs.some(({ data }) => joined(data?.['text/html'] ?? '').includes('<table')));
    t.true(outputs.every(({ output_type: type }) => type !== 'error'));
  });

  const noTorch = missing ?? (torchIsBuilt ? undefined : 'needs npm run build:torch');
  unless(noTorch)(title('computes on libtorch', noTorch), (t) => {
    const { status, stdout, stderr } = run([command, 'verify', '--engine', 'torch-cpu', '--only', 'losses']);
    t.is(status, 0, stderr + stdout);
  });
}
