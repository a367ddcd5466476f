import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import test from 'ava';
import { transformSync } from 'esbuild';
import { blocksOf, page } from '../structure/pages.js';

// Below the project's folder, where `tripletlab` is the project itself.
mkdirSync('build', { recursive: true });
const folder = mkdtempSync(resolve('build', 'examples-'));
test.after.always(() => {
  rmSync(folder, { recursive: true, force: true });
});

/** Runs an example as a program in an empty folder, and returns what it prints. */
function run(code: string, name: string): { status: number | null; stdout: string; stderr: string } {
  const cwd = join(folder, name);
  mkdirSync(cwd);
  writeFileSync(join(cwd, 'example.mjs'), transformSync(code, { loader: 'ts', format: 'esm' }).code);
  return spawnSync(process.execPath, ['example.mjs'], { cwd, encoding: 'utf8', timeout: 240_000 });
}

test('the example of the README runs', (t) => {
  const examples = blocksOf(page('README.md'), 'ts');
  t.is(examples.length, 1);
  t.true(examples[0].split('\n').length <= 25);
  const { status, stdout, stderr } = run(examples[0], 'readme');
  t.is(status, 0, stderr);
  const scores = [...stdout.matchAll(/^run-\d{4} FCT (0\.\d{3})$/gm)].map(([, score]) => Number(score));
  t.is(scores.length, 5);
  for (const score of scores) t.true(score > 0.7 && score < 0.9, stdout); // guessing has .33, the likeliest answers .82
  t.is(stdout.match(/\{ item: \d+, distance: [\d.]+ \}/g)?.length, 3, stdout);
  t.regex(stdout, /^0\.\d+ Float32Array\(8\)/m);
});

test('the example of the page of losses runs', (t) => {
  const examples = blocksOf(page('src/losses/README.md'), 'ts');
  t.is(examples.length, 2);
  const { status, stdout, stderr } = run(examples[0], 'losses');
  t.is(status, 0, stderr);
  // d01 = sqrt(.4), d02 = sqrt(.8): margin - (d02 - d01)
  const value = Number(/value: ([\d.]+)/.exec(stdout)?.[1]);
  t.true(Math.abs(value - Math.max(0, 0.2 - (Math.sqrt(0.8) - Math.sqrt(0.4)))) < 1e-6, stdout);
});

for (const [name, printed] of [
  ['losses', /^\{ problems: \[\], notes: \[\] \}$/m],
  ['training', /^\{ problems: \[\], notes: \[\] \}$/m],
  ['backbones', /^$/],
  ['datasets', /^$/],
] as const)
  test(`the example of parts of one's own on the page of ${name} runs`, (t) => {
    const { status, stdout, stderr } = run(blocksOf(page(`src/${name}/README.md`), 'ts').at(-1)!, `own-${name}`);
    t.is(status, 0, stderr);
    t.regex(stdout, printed);
  });
