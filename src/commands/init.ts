import type { Command } from 'commander';
import { existsSync, readdirSync, readFileSync, symlinkSync } from 'node:fs';
import { createRequire } from 'node:module';
import { basename, dirname, join, relative, resolve } from 'node:path';
import { packageRoot } from '../assets.js';
import { UsageError } from '../errors.js';
import { makeFolder, writeFileAtomic } from '../files.js';

const template = (): string => join(packageRoot(), 'notebooks', 'template');

/** Tells whether files of a folder can import a package. */
function canImport(folder: string, name: string): boolean {
  try {
    createRequire(join(folder, 'module.js')).resolve(`${name}/package.json`);
    return true;
  } catch {
    return false;
  }
}

/** Lets files of a folder import a package of this installation, and its commands be called there. */
function link(folder: string, name: string, commands: Readonly<Record<string, string>>): void {
  if (canImport(folder, name) || !(name === 'tripletlab' || canImport(packageRoot(), name))) return;
  const root =
    name === 'tripletlab'
      ? packageRoot()
      : dirname(createRequire(join(packageRoot(), 'module.js')).resolve(`${name}/package.json`));
  const bin = join(folder, 'node_modules', '.bin');
  makeFolder(bin);
  symlinkSync(root, join(folder, 'node_modules', name), 'junction');
  for (const [command, file] of Object.entries(commands)) symlinkSync(join(root, file), join(bin, command));
}

/**
 * Makes a folder for work of one's own: a module with a loss, a notebook that compares it, settings of the type checker.
 *
 * @returns the files that were written
 * @throws UsageError where one of them is there already; then nothing is written
 */
export function initialize(target: string): string[] {
  const folder = resolve(target);
  const files = readdirSync(template());
  for (const file of files)
    if (existsSync(join(folder, file)))
      throw new UsageError(`invalid folder: ${folder} has ${file} already; choose another, or move that file`);
  makeFolder(folder);
  for (const file of files) writeFileAtomic(join(folder, file), readFileSync(join(template(), file)));
  const own = join(folder, 'package.json');
  if (!existsSync(own)) {
    const name = basename(folder)
      .toLowerCase()
      .replace(/[^a-z0-9-]+/g, '-');
    const content = { name, private: true, type: 'module', scripts: { typecheck: 'tsc' } };
    writeFileAtomic(own, `${JSON.stringify(content, null, 2)}\n`);
    files.push('package.json');
  }
  link(folder, 'tripletlab', { tripletlab: 'dist/cli.js' });
  link(folder, 'typescript', { tsc: 'bin/tsc' });
  return files;
}

/** Registers `tripletlab init FOLDER`. */
export function registerInit(program: Command): void {
  program
    .command('init')
    .description('make a folder for parts of your own: a loss, a notebook that compares it')
    .argument('<folder>', 'is made if it does not exist')
    .action((folder: string) => {
      const files = initialize(folder);
      const place = relative(process.cwd(), resolve(folder)) || '.';
      process.stdout.write(
        [
          `${place}: ${files.join(', ')}`,
          ...(place === '.' ? [] : [`cd ${place}`]),
          'npx tripletlab notebook serve first.ipynb    # or: notebook run first.ipynb',
          'npx tripletlab compare model.loss_type=rkd,relative_distances --import ./mine.ts --draws 3',
          'npx tsc    # checks types',
          '',
        ].join('\n'),
      );
    });
}
