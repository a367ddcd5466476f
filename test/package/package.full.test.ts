import test from 'ava';
import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { packageRoot } from '../../src/assets.js';
import { temporaryFolder } from '../command-line.js';

const root = packageRoot();
const folder = temporaryFolder();
const consumer = join(folder, 'consumer');
mkdirSync(consumer);
test.after.always(() => {
  rmSync(folder, { recursive: true, force: true });
});

interface Ended {
  readonly status: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

const environment = Object.fromEntries(
  Object.entries(process.env).filter(([name]) => !/^npm_(config|package|lifecycle)_/i.test(name)),
);
function run(command: string, args: readonly string[], cwd = consumer): Ended {
  return spawnSync(command, args, { cwd, env: environment, encoding: 'utf8', timeout: 240_000 });
}
const node = (...args: string[]): Ended => run(process.execPath, args);

type Entry = Record<string, unknown> & { dev?: boolean };

/** A consumer's project whose lock file pins what ours pins, so that npm's own cache suffices to install it. */
function describeConsumer(tarball: string): void {
  const { packages } = JSON.parse(readFileSync(join(root, 'package-lock.json'), 'utf8')) as {
    packages: Record<string, Entry>;
  };
  const { '': own, ...others } = packages;
  const { version, dependencies, optionalDependencies, peerDependencies, peerDependenciesMeta, bin, engines } = own!;
  const needs = { dependencies, optionalDependencies, peerDependencies, peerDependenciesMeta, bin, engines };
  const wanted = { tripletlab: `file:${tarball}` };
  const lock = {
    '': { name: 'consumer', dependencies: wanted },
    'node_modules/tripletlab': { version, resolved: wanted.tripletlab, ...needs },
    ...Object.fromEntries(Object.entries(others).filter(([, { dev }]) => dev !== true)),
  };
  const write = (name: string, content: object): void => {
    writeFileSync(join(consumer, name), JSON.stringify({ name: 'consumer', ...content }));
  };
  write('package.json', { private: true, type: 'module', dependencies: wanted });
  write('package-lock.json', { lockfileVersion: 3, requires: true, packages: lock });
}

test.serial('the tarball holds what a stranger needs, and nothing else', (t) => {
  const { status, stderr } = run('npm', ['pack', '--pack-destination', folder, '--loglevel=error'], root);
  t.is(status, 0, stderr);
  const [tarball] = readdirSync(folder).filter((name) => name.endsWith('.tgz'));
  const size = statSync(join(folder, tarball!)).size;
  t.true(size < 1.5e6, `${size} bytes`);
  const listed = run('tar', ['tzf', join(folder, tarball!)], folder)
    .stdout.trim()
    .split('\n');
  const tops = new Set(listed.map((path) => path.split('/').slice(1, 2).join('/')));
  t.deepEqual([...tops].sort(), [
    'LICENSE',
    'README.md',
    'configurations',
    'data-manifests',
    'dist',
    'notebooks',
    'package.json',
    'src',
  ]);
  const template = readdirSync(join(root, 'notebooks', 'template'));
  t.deepEqual(
    listed.filter((path) => path.startsWith('package/notebooks/')).sort(),
    template.map((name) => `package/notebooks/template/${name}`).sort(),
  );
  const sources = listed.filter((path) => path.startsWith('package/src/'));
  t.true(
    sources.every((path) => /\/(engine\/torch\/native|setup)\//.test(path)),
    sources.join('\n'),
  );
  for (const kernel of [
    'teachers',
    'distillation',
    'engine',
    'engine-relaxed',
    'neighbors',
    'neighbors-relaxed',
    'pictures',
  ])
    t.true(listed.includes(`package/dist/wasm/${kernel}.wasm`), kernel);
  describeConsumer(join(folder, tarball!));
});

test.serial('npm installs it into an empty folder, from its cache alone and without overrides', (t) => {
  const { status, stderr } = run('npm', ['ci', '--offline', '--no-audit', '--no-fund', '--loglevel=error']);
  t.is(status, 0, stderr);
  // the notebooks' own packages are not of the library
  for (const name of ['tslab', 'danfojs-node', 'xlsx', 'request', 'tsx', '@tensorflow/tfjs-node-gpu'])
    t.false(existsSync(join(consumer, 'node_modules', name)), name);
});

test.serial('plain Node.js imports it, and requires it', (t) => {
  const names = (text: string): unknown => JSON.parse(text);
  const imported = node(
    '--input-type=module',
    '-e',
    `console.log(JSON.stringify(Object.keys(await import('tripletlab'))))`,
  );
  t.is(imported.stderr, '');
  const parts = names(imported.stdout) as string[];
  t.true(parts.includes('losses') && parts.includes('training'));
  writeFileSync(join(consumer, 'main.cjs'), `console.log(JSON.stringify(Object.keys(require('tripletlab'))))`);
  t.deepEqual(names(node('main.cjs').stdout), parts);
});

test.serial('a part loads only what it needs', (t) => {
  const loaded = (part: string): string[] => {
    const code = `await import('tripletlab/${part}'); const { createRequire } = await import('node:module');
      console.log(JSON.stringify(Object.keys(createRequire(process.cwd() + '/x').cache)))`;
    return JSON.parse(node('--input-type=module', '-e', code).stdout) as string[];
  };
  const has = (files: readonly string[], name: string): boolean =>
    files.some((file) => file.includes(`/node_modules/${name}/`));
  t.false(has(loaded('losses'), 'sharp'));
  t.true(has(loaded('preprocessing'), 'sharp'));
  t.false(has(loaded('metrics'), 'sharp'));
  t.deepEqual(loaded('random'), []);
});

test.serial('a strict project of TypeScript checks against its declarations', (t) => {
  const exported = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')) as { exports: Record<string, unknown> };
  const parts = Object.keys(exported.exports).filter((path) => path !== '.' && path !== './package.json');
  writeFileSync(
    join(consumer, 'use.ts'),
    `import { configuration, training } from 'tripletlab';
${parts.map((path, i) => `import * as part${i} from 'tripletlab/${path.slice(2)}';`).join('\n')}
import type { Figure } from 'tripletlab/figures';
const config = configuration.loadTrainingConfiguration('configurations/synthetic/synthetic_p_ste.yaml', ['seed=2']);
const [record] = await training.train(config);
export const best: number | undefined = record?.best?.value;
// @ts-expect-error -- a number: were declarations missing, everything would fit
export const wrong: string | undefined = record?.best?.value;
export const figure: Figure = { data: [], layout: {}, alt: 'none' };
export const parts = [${parts.map((_, i) => `part${i}`).join(', ')}];
`,
  );
  const options = { module: 'NodeNext', target: 'ES2022', strict: true, skipLibCheck: true, noEmit: true, types: [] };
  const strict = { ...options, noUncheckedIndexedAccess: true, exactOptionalPropertyTypes: true };
  writeFileSync(join(consumer, 'tsconfig.json'), JSON.stringify({ compilerOptions: strict, files: ['use.ts'] }));
  const { status, stdout } = node(join(root, 'node_modules', 'typescript', 'bin', 'tsc'), '-p', '.');
  t.is(status, 0, stdout);
});

test.serial('its command trains in that folder, with a configuration of the package', (t) => {
  const { status, stdout, stderr } = run('npx', [
    'tripletlab',
    'train',
    'configurations/synthetic/synthetic_p_ste.yaml',
    'optimization.num_training_epochs=2',
    'engine=wasm',
  ]);
  t.is(status, 0, stderr);
  t.regex(stdout, /finished, best FCT 0\.\d+ at epoch \d of 2/);
  const runs = readdirSync(join(consumer, 'modeling', 'runs'));
  t.is(runs.length, 1);
  t.true(existsSync(join(consumer, 'modeling', 'runs', runs[0]!, 'run.json')));
  const again = run('npx', ['tripletlab', '--version']);
  t.is(
    again.stdout.trim(),
    (JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')) as { version: string }).version,
  );
});

test.serial('init makes a folder whose module checks, and whose loss is compared with a built-in one', (t) => {
  const study = join(consumer, 'study');
  mkdirSync(study);
  writeFileSync(join(study, 'package.json'), '{}'); // a package of CommonJS, as npm makes it
  const made = run('npx', ['tripletlab', 'init', 'study']);
  t.is(made.status, 0, made.stderr);
  t.deepEqual(readdirSync(study).filter((name) => name !== 'node_modules').sort(), ['first.ipynb', 'mine.ts', 'package.json', 'tsconfig.json']); // prettier-ignore
  const ofNotebooks = createRequire(createRequire(join(root, 'module.js')).resolve('tslab/package.json'));
  for (const compiler of [
    join(root, 'node_modules', 'typescript', 'bin', 'tsc'),
    ofNotebooks.resolve('typescript/bin/tsc'),
  ]) {
    const checked = run(process.execPath, [compiler, '-p', '.'], study);
    t.is(checked.status, 0, checked.stdout);
  }
  const values = 'model.loss_type=rkd,relative_distances';
  const settings = ['--draws', '1', '--out', 'experiments', 'optimization.num_training_epochs=1', 'engine=wasm'];
  const args = ['tripletlab', 'compare', values, ...settings, '--import', './mine.ts'];
  const { status, stdout, stderr } = run('npx', args, study);
  t.is(status, 0, stderr);
  t.regex(stdout, /relative_distances .* 1 /);
  const again = run('npx', ['tripletlab', 'init', 'study']);
  t.is(again.status, 1);
  t.regex(
    again.stderr,
    /^tripletlab: invalid folder: .*study has first\.ipynb already; choose another, or move that file$/m,
  );
});

test.serial('what is missing for notebooks is named before any work', (t) => {
  const { status, stderr } = run('npx', ['tripletlab', 'notebook', 'install', '--prefix', join(folder, 'jupyter')]);
  t.is(status, 1);
  t.is(
    stderr,
    'tripletlab: missing package: tslab, which the notebook kernel is made of; run npm install tslab@1.0.22\n',
  );
  t.false(existsSync(join(folder, 'jupyter')));
});
