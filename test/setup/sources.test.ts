import test from 'ava';
import { spawnSync } from 'node:child_process';
import {
  chmodSync,
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
import { packageRoot } from '../../src/paths.js';
import { load } from './load.js';

const { translateSources } = await load<{ translateSources: (folder?: string) => Promise<string> }>('sources.mjs');

const folder = mkdtempSync(join(tmpdir(), 'sources-'));
test.after.always(() => {
  rmSync(folder, { recursive: true, force: true });
});

function project(name: string): string {
  const path = join(folder, name);
  mkdirSync(join(path, 'src', 'engine', 'assembly'), { recursive: true });
  writeFileSync(join(path, 'package.json'), '{"type": "module"}');
  symlinkSync(join(packageRoot(), 'node_modules'), join(path, 'node_modules'));
  writeFileSync(join(path, 'src', 'a.ts'), `import { b } from './engine/b.js';\nexport const a: number = b + 1;\n`);
  writeFileSync(join(path, 'src', 'engine', 'b.ts'), `export const b = 1 satisfies number;\n`);
  writeFileSync(join(path, 'src', 'engine', 'assembly', 'c.ts'), `export function c(): i32 { return <i32>1; }\n`);
  return path;
}

test('sources are translated where they changed, and forgotten where they are gone', async (t) => {
  const path = project('plain');
  const translated = await translateSources(path);
  t.is(translated, join(path, 'build', 'esm'));
  t.is(((await import(join(translated, 'a.js'))) as { a: number }).a, 2);
  t.false(existsSync(join(translated, 'engine', 'assembly')));
  const before = statSync(join(translated, 'a.js')).mtimeMs;
  writeFileSync(join(path, 'src', 'engine', 'b.ts'), 'export const b: number = 41;\n');
  await translateSources(path);
  t.is(statSync(join(translated, 'a.js')).mtimeMs, before);
  t.regex(readFileSync(join(translated, 'engine', 'b.js'), 'utf8'), /b = 41/);
  rmSync(join(path, 'src', 'a.ts'));
  await translateSources(path);
  t.false(existsSync(join(translated, 'a.js')));
  writeFileSync(join(path, 'src', 'bad.ts'), 'export const = 1;\n');
  await t.throwsAsync(translateSources(path), { message: /bad\.ts:1:13: ERROR/ });
});

test('the command knows its package from any folder, and through a link', (t) => {
  const command = join(packageRoot(), 'src', 'setup', 'tripletlab.mjs');
  const link = join(folder, 'tripletlab');
  symlinkSync(command, link);
  const { version } = JSON.parse(readFileSync(join(packageRoot(), 'package.json'), 'utf8')) as { version: string };
  const env = { ...process.env };
  delete env['TRIPLETLAB_ROOT'];
  for (const program of [command, link]) {
    const { stdout, stderr, status } = spawnSync(process.execPath, [program, '--version'], {
      cwd: tmpdir(),
      encoding: 'utf8',
      env,
    });
    t.deepEqual([stdout.trim(), stderr, status], [version, '', 0]);
  }
});

test('a folder that cannot be written is no hindrance', (t) => {
  const path = project('locked');
  writeFileSync(join(path, 'src', 'cli.ts'), `const text: string = 'ran';\nconsole.log(text);\n`);
  mkdirSync(join(path, 'build'));
  const sources = join(packageRoot(), 'src', 'setup', 'sources.mjs');
  const script = `process.setuid?.(65534); await (await import(${JSON.stringify(sources)})).importSource('cli.ts', ${JSON.stringify(path)});`;
  chmodSync(folder, 0o755);
  chmodSync(join(path, 'build'), 0o555);
  const { stdout, stderr } = spawnSync(
    process.execPath,
    ['--input-type=module', '-e', process.getuid?.() === 0 ? script : script.replace(/^[^;]*; /, '')],
    {
      encoding: 'utf8',
      env: { ...process.env, HOME: folder },
    },
  );
  t.is(stdout, 'ran\n', stderr);
  t.false(existsSync(join(path, 'build', 'esm')));
});
