import test from 'ava';
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { packageRoot } from '../../src/assets.js';
import { load } from './load.js';

const { mismatch, npmEnvironment, unsupportedNode, withLock } = await load<{
  mismatch: (folder: string) => string | undefined;
  npmEnvironment: (outer: Record<string, string>) => Record<string, string>;
  unsupportedNode: (version: string) => string | undefined;
  withLock: <T>(file: string, work: () => Promise<T>) => Promise<T>;
}>('dependencies.mjs');

const folder = mkdtempSync(join(tmpdir(), 'dependencies-'));
test.after.always(() => {
  rmSync(folder, { recursive: true, force: true });
});

interface Entry {
  version?: string;
  optional?: boolean;
}

/** A project whose lock file and installation name these packages. */
function project(lock: Record<string, Entry>, installed?: Record<string, Entry>): string {
  const path = mkdtempSync(join(folder, 'project-'));
  writeFileSync(join(path, 'package-lock.json'), JSON.stringify({ packages: { '': {}, ...lock } }));
  if (installed) {
    for (const name of Object.keys(installed)) mkdirSync(join(path, name), { recursive: true });
    mkdirSync(join(path, 'node_modules'), { recursive: true });
    writeFileSync(join(path, 'node_modules', '.package-lock.json'), JSON.stringify({ packages: installed }));
  }
  return path;
}

const a = { 'node_modules/a': { version: '1.0.0' } };

test('an installation matches its lock file, or the reason is told', (t) => {
  t.is(mismatch(project(a, a)), undefined);
  t.is(mismatch(project({ ...a, 'node_modules/b': { version: '1.0.0', optional: true } }, a)), undefined);
  t.is(mismatch(project(a)), 'node_modules is missing or incomplete');
  t.is(mismatch(project({ ...a, 'node_modules/b': { version: '1.0.0' } }, a)), 'node_modules/b is not installed');
  t.is(mismatch(project({ 'node_modules/a': { version: '2.0.0' } }, a)), 'node_modules/a has another version');
  t.is(mismatch(project({}, a)), 'node_modules/a is not in the lock file');
  const gone = project(a, a);
  rmSync(join(gone, 'node_modules', 'a'), { recursive: true });
  t.is(mismatch(gone), 'node_modules/a is gone');
  const broken = project(a, a);
  writeFileSync(join(broken, 'node_modules', '.package-lock.json'), '{"packages": {');
  t.is(mismatch(broken), 'node_modules is missing or incomplete');
});

test('the Nodes of package.json run it, others do not', (t) => {
  const { engines } = JSON.parse(readFileSync(join(packageRoot(), 'package.json'), 'utf8')) as {
    engines: { node: string };
  };
  t.is(engines.node, '^20.19.0 || >=22.12.0');
  for (const version of ['v20.19.0', 'v20.20.2', 'v22.12.0', 'v24.0.0'])
    t.is(unsupportedNode(version), undefined, version);
  for (const version of ['v18.20.0', 'v20.18.3', 'v21.7.0', 'v22.11.0'])
    t.regex(unsupportedNode(version)!, /^Node v/, version);
});

test('npm does not inherit what an outer npm or a production setting would change', (t) => {
  const outer = {
    npm_config_prefix: '/x',
    npm_config_local_prefix: '/y',
    NODE_ENV: 'production',
    npm_config_omit: 'dev',
  };
  t.deepEqual(npmEnvironment({ ...outer, npm_config_registry: 'https://registry.example', PATH: '/bin' }), {
    npm_config_registry: 'https://registry.example',
    PATH: '/bin',
  });
});

test('two set-ups take turns, and a lock whose owner died is taken over', async (t) => {
  const lock = join(folder, 'build', 'lock');
  const order: string[] = [];
  const task = (name: string) => async () => {
    order.push(`${name} starts`);
    await new Promise((done) => setTimeout(done, 100));
    order.push(`${name} ends`);
  };
  await Promise.all([withLock(lock, task('a')), withLock(lock, task('b'))]);
  t.deepEqual(
    order.map((entry) => entry.split(' ')[1]),
    ['starts', 'ends', 'starts', 'ends'],
  );
  writeFileSync(lock, '4194305'); // greater than any process id
  t.is(await withLock(lock, () => Promise.resolve(7)), 7);
  await t.throwsAsync(
    withLock(lock, () => Promise.reject(new Error('failed'))),
    { message: 'failed' },
  );
  t.false(existsSync(lock));
});
