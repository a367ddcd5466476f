import { existsSync, readFileSync, statSync } from 'node:fs';
import test from 'ava';
import { Command } from 'commander';
import { datasets } from '../../src/catalogue/datasets.js';
import { engineNames } from '../../src/catalogue/engines.js';
import { losses } from '../../src/catalogue/losses.js';
import { models } from '../../src/catalogue/models.js';
import { tables } from '../../src/experiments/tables/index.js';
import { commands } from '../../src/commands/index.js';
import { floors } from './floors.js';
import { anchorsOf, commandsOf, linksOf, page, pages, rowsOf } from './pages.js';

const all = pages();

/** The names in backquotes in the first cells of a page's tables. */
const namedIn = (path: string): string[] =>
  rowsOf(page(path)).flatMap(([first]) => [...first.matchAll(/`([^`]+)`/g)].map(([, name]) => name));

test('links of pages lead somewhere', (t) => {
  t.true(all.length > 15);
  for (const one of all)
    for (const { target, heading } of linksOf(one)) {
      t.true(existsSync(target), `${one.path}: ${target}`);
      if (heading !== undefined) t.true(anchorsOf(page(target)).includes(heading), `${one.path}: ${target}#${heading}`);
    }
});

test('files that pages name are there', (t) => {
  const ways = /`((?:src|test|notebooks|configurations|data-manifests)\/[\w./-]+)`/g;
  for (const { path, text } of all.filter(({ path }) => path !== 'CHANGELOG.md'))
    for (const [, file] of text.matchAll(ways)) t.true(existsSync(file), `${path}: ${file}`);
});

test('the README is short, and its picture small', (t) => {
  t.true(page('README.md').split('\n').length <= 150);
  const [, picture] = /!\[[^\]]+\]\(([^)]+)\)/.exec(page('README.md'))!;
  t.true(statSync(picture).size < 60 * 1024);
});

test('commands that pages name exist, and so do the configurations they are given', async (t) => {
  const { scripts } = JSON.parse(readFileSync('package.json', 'utf8')) as { scripts: Record<string, string> };
  const program = new Command('tripletlab');
  for (const load of Object.values(commands)) (await load())(program);
  for (const { path, text } of all)
    for (const line of commandsOf(text)) {
      const [, , name, ...rest] = line.split(/\s+/);
      if (line.startsWith('npm ')) {
        t.true(Object.hasOwn(scripts, name), `${path}: ${line}`);
        continue;
      }
      const outer = program.commands.find((command) => command.name() === name);
      const command = outer?.commands.length ? outer.commands.find((inner) => inner.name() === rest[0]) : outer;
      t.truthy(command, `${path}: ${line}`);
      const options = command!.options.flatMap(({ long, negate }) => [long, negate ? long!.replace('--no-', '--') : []]).flat(); // prettier-ignore
      for (const option of line.match(/(?<=\s)--[a-z-]+/g) ?? []) t.true(options.includes(option), `${path}: ${line}`);
      for (const file of line.match(/\bconfigurations\/[\w./-]+/g) ?? []) t.true(existsSync(file), `${path}: ${line}`);
    }
});

test('the map names each folder of src/ in the order of the floors', (t) => {
  const folders = namedIn('src/README.md').filter((name) => Object.hasOwn(floors, name));
  const listed = Object.keys(floors).filter((name) => name !== 'cli');
  t.deepEqual([...folders].sort(), [...listed].sort());
  const at = (name: string): number => folders.indexOf(name);
  for (const [folder, allowed] of Object.entries(floors).filter(([name]) => name !== 'cli'))
    for (const one of allowed)
      t.true(at(one) < at(folder), `${folder} imports ${one}, which stands below it on the page`);
});

test('each loss has its row, with all parameters that it needs', (t) => {
  for (const [name, { parameters }] of Object.entries(losses)) {
    const row = rowsOf(page('src/losses/README.md')).find(([first]) => first === `\`${name}\``);
    t.truthy(row, name);
    for (const parameter of Object.keys(parameters)) t.true(row!.some((cell) => cell.includes(`\`${parameter}\``)), `${name}: ${parameter}`); // prettier-ignore
    t.true(existsSync(`src/losses/${name.replaceAll('_', '-')}.ts`), name);
  }
});

test('data sets, networks, engines and tables have their rows', (t) => {
  const complete = (path: string, names: readonly string[]): void => {
    const named = namedIn(path);
    t.deepEqual(names.filter((name) => !named.includes(name)), [], path); // prettier-ignore
  };
  complete('src/datasets/README.md', Object.keys(datasets));
  complete('src/backbones/README.md', Object.keys(models));
  complete('src/engine/README.md', engineNames.filter((name) => name !== 'auto')); // prettier-ignore
  complete('src/experiments/README.md', tables.map(({ name }) => name.replace('table-', ''))); // prettier-ignore
});
