import test from 'ava';
import { mkdirSync, mkdtempSync, readdirSync, rmSync, utimesSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { packageRoot } from '../../src/paths.js';

interface Output {
  readonly path: string;
  readonly data: string;
}
interface Compiled {
  find(files: readonly string[], textOf: (file: string) => string): ReadonlyMap<string, readonly Output[]> | undefined;
  note(file: string, output?: Output): void;
  keep(files: readonly string[], textOf: (file: string) => string): void;
}
const file = join(packageRoot(), 'src', 'kernel', 'tslab-compiled.cjs');
const { createCompiled } = createRequire(file)(file) as { createCompiled(root: string): Compiled };

const root = mkdtempSync(join(tmpdir(), 'tripletlab-'));
test.after.always(() => {
  rmSync(root, { recursive: true });
});
mkdirSync(join(root, 'src', 'kernel'), { recursive: true });
for (const name of ['tslab-edits.cjs', 'tslab-compiled.cjs']) writeFileSync(join(root, 'src', 'kernel', name), name);

const [a, b, cell] = [join(root, 'src', 'a.ts'), join(root, 'src', 'b.ts'), join(root, 'notebooks', 'cell.ts')];
const texts = new Map([a, b, cell].map((name) => [name, `text of ${name}`]));
const textOf = (name: string): string => texts.get(name)!;
const output = (name: string): Output => ({ path: name.replace('.ts', '.js'), data: `compiled ${textOf(name)}` });

function compile(compiled: Compiled, files: readonly string[]): void {
  for (const name of files) {
    compiled.note(name);
    compiled.note(name, output(name));
  }
  compiled.keep(files, textOf);
}

test.serial('sources that one kernel compiled are found by the next, and what is not of the package is not', (t) => {
  t.is(createCompiled(root).find([a, b], textOf), undefined);
  compile(createCompiled(root), [cell, b, a]);
  const found = createCompiled(root).find([a, cell, b], textOf)!;
  t.deepEqual(
    [...found],
    [a, b].map((name) => [name, [output(name)]]),
  );
  t.is(createCompiled(root).find([cell], textOf), undefined);
  t.is(createCompiled(root).find([a], textOf), undefined, 'another set: its types were never checked alone');
});

test.serial('where a source, the kernel or a package changes, all are compiled anew', (t) => {
  const changed = (name: string): string => (name === b ? 'another text' : textOf(name));
  t.is(createCompiled(root).find([a, b], changed), undefined);
  t.truthy(createCompiled(root).find([a, b], textOf));
  const packages = join(root, 'node_modules', '.package-lock.json');
  mkdirSync(join(root, 'node_modules'));
  for (const changing of [packages, join(root, 'src', 'kernel', 'tslab-edits.cjs')]) {
    writeFileSync(changing, 'another version');
    t.is(createCompiled(root).find([a, b], textOf), undefined);
    compile(createCompiled(root), [a, b]);
    t.truthy(createCompiled(root).find([a, b], textOf));
  }
});

test.serial('a kernel that saw a source change keeps nothing more: what was compiled before may not fit', (t) => {
  const compiled = createCompiled(root);
  compile(compiled, [a, b]);
  const changed = (name: string): string => (name === a ? 'changed meanwhile' : textOf(name));
  t.is(compiled.find([a, b], changed), undefined);
  compiled.note(a);
  compiled.note(a, { path: 'a.js', data: 'compiled anew' });
  compiled.keep([a, b], changed);
  t.is(createCompiled(root).find([a, b], changed), undefined);
});

test.serial('a set of which a part was found is kept whole; a broken or an old file is none', (t) => {
  const compiled = createCompiled(root);
  t.truthy(compiled.find([a, b], textOf));
  const more = join(root, 'src', 'c.ts');
  texts.set(more, 'more');
  compiled.note(more);
  compiled.note(more, output(more));
  compiled.keep([a, b, more], textOf);
  t.deepEqual([...createCompiled(root).find([a, b, more], textOf)!.keys()], [a, b, more]);

  const folder = join(root, 'build', 'kernel');
  for (const name of readdirSync(folder)) {
    writeFileSync(join(folder, name), '[["broken"');
    utimesSync(join(folder, name), 1, 1);
  }
  t.is(createCompiled(root).find([a, b], textOf), undefined);
  for (let i = 0; i < 9; i++) {
    texts.set(a, `version ${i}`);
    compile(createCompiled(root), [a]);
  }
  t.is(readdirSync(folder).length, 8);
  t.truthy(createCompiled(root).find([a], textOf));
});
