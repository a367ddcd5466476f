import test from 'ava';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { packageRoot } from '../../src/assets.js';
import { floors, leaves } from './floors.js';
import { folderOf, functionsOf, sourceFiles } from './source-files.js';

const files = sourceFiles();

test('folders import what stands below them, and nothing else', (t) => {
  const wrong = files.flatMap(({ path, imports }) => {
    const from = folderOf(path);
    if (from === 'index') return []; // the package's face: it exports every module
    const allowed = [...leaves, ...((floors[from] as readonly string[] | undefined) ?? [])];
    return imports
      .filter((target) => folderOf(target) !== from && !allowed.includes(folderOf(target)))
      .map((target) => `${path} imports ${target}`);
  });
  t.deepEqual(wrong, [], 'see test/structure/floors.ts');
});

test('the floors name folders that are there, each with folders listed before it', (t) => {
  const folders = new Set(files.map(({ path }) => folderOf(path)));
  const below = new Set<string>();
  for (const [folder, allowed] of Object.entries(floors)) {
    t.true(folders.has(folder), `there is no src/${folder}`);
    for (const one of allowed) t.true(below.has(one), `${folder} may import ${one}, which does not stand below it`);
    below.add(folder);
  }
  for (const folder of folders)
    t.true(
      folder === 'index' || below.has(folder) || (leaves as readonly string[]).includes(folder),
      `src/${folder} has no floor`,
    );
});

test('each import that a folder may have is there', (t) => {
  const used = new Set(
    files.flatMap(({ path, imports }) => imports.map((to) => `${folderOf(path)} -> ${folderOf(to)}`)),
  );
  for (const [folder, allowed] of Object.entries(floors))
    for (const one of allowed)
      t.true(used.has(`${folder} -> ${one}`), `${folder} imports nothing of ${one}: strike it out`);
});

test('no file loads itself, by whatever way round', (t) => {
  const loads = new Map(files.map((file) => [file.path, file.loads]));
  const state = new Map<string, 'open' | 'done'>();
  const circles: string[] = [];
  const visit = (path: string, way: readonly string[]): void => {
    if (state.get(path) === 'open') circles.push([...way.slice(way.indexOf(path)), path].join(' -> '));
    if (state.has(path)) return;
    state.set(path, 'open');
    for (const next of loads.get(path) ?? []) visit(next, [...way, path]);
    state.set(path, 'done');
  };
  for (const { path } of files) visit(path, []);
  t.deepEqual(circles, []);
});

test('no file is above 10 KB, no function above 60 lines', (t) => {
  t.deepEqual(
    files.filter(({ text }) => text.length > 10 * 1024).map(({ path, text }) => `${path}: ${text.length}`),
    [],
  );
  const functions = files.flatMap(functionsOf);
  t.deepEqual(
    functions.filter(({ lines }) => lines > 60).map(({ name, lines }) => `${name}: ${lines} lines`),
    [],
  );
});

test('files that are named by path, for threads, processes and the set-up, are there', (t) => {
  const known = new Set(files.map(({ path }) => path));
  const setup = readdirSync(join(packageRoot(), 'src', 'setup')).map((name) =>
    readFileSync(join(packageRoot(), 'src', 'setup', name), 'utf8'),
  );
  const named = [
    ...setup.flatMap((text) => [...text.matchAll(/importBuilt\('([^']+)'\)/g)].map(([, path]) => path)),
    ...files.flatMap(({ text }) =>
      [...text.matchAll(/builtFile\(((?:'[^']+'(?:, )?)+)\)/g)].map(([, parts]) =>
        parts
          .split(', ')
          .map((part) => part.slice(1, -1))
          .join('/'),
      ),
    ),
    ...files.flatMap(({ text }) => [...text.matchAll(/startThread\('([^']+)'/g)].map(([, path]) => path)),
  ].filter((path) => /\.c?js$/.test(path));
  t.true(named.length >= 9);
  t.deepEqual(
    named.filter((path) => !known.has(path.replace(/\.js$/, '.ts'))),
    [],
  );
});

test('threads are started in one place', (t) => {
  t.deepEqual(
    files.filter(({ text }) => /\bnew Worker\(/.test(text)).map(({ path }) => path),
    ['start-thread.ts'],
  );
});
