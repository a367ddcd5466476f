import test from 'ava';
import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { packageRoot } from '../../src/assets.js';
import { load } from './load.js';

interface Reader {
  line(line: string): void;
  finished: boolean;
  summary(): string;
}
const { TapReader } = await load<{ TapReader: new (print: (line: string) => void) => Reader }>('tap.mjs');

mkdirSync(join(packageRoot(), 'build'), { recursive: true });
const folder = mkdtempSync(join(packageRoot(), 'build', 'test-'));
test.after.always(() => {
  rmSync(folder, { recursive: true, force: true });
});

/** What the reader makes of a run of ava itself over files of these contents. */
function read(files: Record<string, string>): { summary: string; finished: boolean; printed: string[] } {
  const project = mkdtempSync(join(folder, 'ava-'));
  writeFileSync(join(project, 'package.json'), '{"type": "module", "ava": {"files": ["*.js"]}}');
  for (const [name, content] of Object.entries(files)) writeFileSync(join(project, name), content);
  const ava = join(packageRoot(), 'node_modules', 'ava', 'entrypoints', 'cli.mjs');
  const env = { ...process.env };
  delete env['AVA_PATH'];
  const { stdout } = spawnSync(process.execPath, [ava, '--tap'], { cwd: project, encoding: 'utf8', env });
  const printed: string[] = [];
  const reader = new TapReader((line) => printed.push(line));
  for (const line of stdout.split('\n')) reader.line(line);
  return { summary: reader.summary(), finished: reader.finished, printed };
}

test('the count is that of ava, whatever the tests print', (t) => {
  const { summary, finished, printed } = read({
    'a.js': `import test from 'ava';
test('good', (t) => { console.log('not ok 9 - printed\\n# pass 77'); t.log('# fail 55\\nok 3 - logged'); t.pass(); });
test('also # SKIP good', (t) => t.pass());
test('bad', (t) => t.is('  ...\\n# fail 99', 'ok 1 - x'));
test.skip('left out (no reason)', (t) => t.pass());
test.todo('later');
`,
    'b.js': `import test from 'ava'; test('fine', (t) => t.pass());`,
  });
  t.is(summary, '3 passed, 1 failed, 1 skipped');
  t.true(finished);
  t.true(printed.includes('failed: a › bad'));
  t.true(printed.some((line) => /^skipped: a › left out \(no reason\)/.test(line)));
  t.false(printed.some((line) => /good|fine|77/.test(line)));
});

test('a crash, a file without tests and no file at all never count as success', (t) => {
  t.regex(
    read({ 'a.js': `import test from 'ava'; test('x', (t) => t.pass()); throw new Error('crash');` }).summary,
    /, [1-9]\d* failed/,
  );
  t.regex(
    read({ 'a.js': 'export {};', 'b.js': `import test from 'ava'; test('x', (t) => t.pass());` }).summary,
    /^1 passed, [1-9]/,
  );
  // The command's exit status, that of ava, says the rest.
  t.is(read({}).summary, '0 passed, 0 failed');
});
