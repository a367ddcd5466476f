/**
 * `npm test`: sets up what is needed, then types, lint, formatting and the quick tests; arguments, files or folders of
 * test/, choose among all. `npm run test:full`: the long ones, `*.full.test.ts`, alone.
 */
import { join } from 'node:path';
import process from 'node:process';
import { build } from './build.mjs';
import { ensureDependencies } from './dependencies.mjs';
import { installNodeReleases } from './node-releases.mjs';
import { root, run, say } from './shared.mjs';
import { ensureSystem } from './system.mjs';
import { TapReader } from './tap.mjs';

const tool = (...path) => join(root, 'node_modules', ...path);

const checks = [
  { name: 'types', args: [tool('typescript', 'bin', 'tsc'), '--noEmit'] },
  { name: 'lint', args: [tool('eslint', 'bin', 'eslint.js'), '.', '--max-warnings=0'] },
  { name: 'format', args: [tool('prettier', 'bin', 'prettier.cjs'), '--check', '--log-level=warn', '.'] },
];

/** Runs a check; its output is shown where it fails. */
async function passes({ name, args }) {
  const { status, output } = await run(process.execPath, args);
  if (status !== 0) process.stdout.write(`${output.trimEnd()}\n`);
  say(`${name}: ${status === 0 ? 'ok' : 'failed'}`);
  return status === 0;
}

/** Large arrays in large pages: where fresh pages are dear, networks of full size are read and written in half the time. */
const largePages = { GLIBC_TUNABLES: 'glibc.malloc.hugetlb=1' };

/** What of build/test/ is run: what the arguments name of test/, else the quick tests, or with --full the long ones. */
function chosen(args) {
  const full = args.includes('--full');
  const given = args.filter((arg) => arg !== '--full');
  if (given.length > 0)
    return given.map((arg) => (arg.startsWith('test/') ? `build/${arg.replace(/\.ts$/, '.js')}` : arg));
  return full ? ['build/test/**/*.full.test.js'] : ['build/test/**/*.test.js', '!**/*.full.test.js'];
}

/** Runs ava and returns its exit status; prints what failed or was skipped. */
async function runTests(args, reader) {
  const ava = [tool('ava', 'entrypoints', 'cli.mjs'), '--tap', ...args];
  const { status, output } = await run(process.execPath, ava, {
    env: { ...largePages, ...process.env },
    onLine: (line) => reader.line(line),
  });
  if (reader.finished) {
    if (status !== 0 && reader.failed === 0) say(`ava ended with status ${status} after ${reader.summary()}`);
    return status;
  }
  // ava did not come to run a test: what it said is the failure.
  process.stdout.write(`${output.trimEnd()}\n`);
  reader.failed = Math.max(1, reader.failed);
  return status || 1;
}

const reader = new TapReader((line) => process.stdout.write(`${line}\n`));
let failed = false;
try {
  await ensureDependencies();
  await build();
  await (await import('./build-tests.mjs')).buildTests();
  for (const line of await ensureSystem()) say(`${line}; tests that need it are skipped`);
  const args = process.argv.slice(2);
  if (args.includes('--full')) await installNodeReleases();
  else if ((await Promise.all(checks.map(passes))).includes(false)) failed = true;
  if ((await runTests(chosen(args), reader)) !== 0) failed = true;
} catch (error) {
  say(error.message);
  failed = true;
  reader.failed = Math.max(1, reader.failed);
}
process.stdout.write(`${reader.summary()}\n`);
process.exitCode = failed || reader.failed > 0 ? 1 : 0;
