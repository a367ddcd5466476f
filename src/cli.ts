#!/usr/bin/env node
import { Command, CommanderError } from 'commander';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { UsageError } from './errors.js';
import { fileError } from './file-errors.js';
import { packageRoot } from './assets.js';
import { commands } from './commands/index.js';
import { expandHome } from './files.js';

/** Expands the `~` of arguments such as `--root=~/data` and `key=~/data`, which shells leave as it is. */
const readArguments = (args: readonly string[]): string[] =>
  args.map((arg) =>
    arg.replace(/^(-[\w-]+=|[\w.]+=)?(~[\\/].*)$/s, (_, name = '', path: string) => name + expandHome(path)),
  );

/**
 * Reports the error of a command that failed: one line where the user can correct it.
 *
 * @returns the exit code
 * @throws the error itself where it is a fault of this program
 */
function tell(error: unknown): number {
  if (error instanceof CommanderError) return error.exitCode;
  const told = fileError(error);
  if (!(told instanceof UsageError)) throw error;
  process.stderr.write(`tripletlab: ${told.message}\n`);
  return told.exitCode;
}

/** Takes `--import FILE` out of arguments, wherever it stands, and imports these modules with parts of one's own. */
async function importModules(args: readonly string[]): Promise<string[]> {
  const others: string[] = [];
  const files: string[] = [];
  for (let i = 0; i < args.length; i++) {
    const [, file = args[i + 1]] = /^--import(?:=(.*))?$/s.exec(args[i]) ?? [];
    if (!/^--import(=|$)/.test(args[i])) others.push(args[i]);
    else if (file === undefined) throw new UsageError('missing file after --import; name a module with your parts');
    else {
      files.push(file);
      if (args[i] === '--import') i++;
    }
  }
  if (files.length === 0 && process.env['TRIPLETLAB_IMPORT'] === undefined) return others;
  const { importParts, importPartsOfParent } = await import('./catalogue/import-parts.js');
  await importPartsOfParent();
  for (const file of files) await importParts(file);
  return others;
}

/** Runs the command line. Returns the exit code: 0, 1 for a mistake of the caller, 130 after Ctrl-C. */
export async function main(args: readonly string[]): Promise<number> {
  try {
    const { version } = JSON.parse(readFileSync(join(packageRoot(), 'package.json'), 'utf8')) as { version: string };
    const program = new Command('tripletlab')
      .description('image similarity from triplet labels: teachers, students, notebooks')
      .version(version)
      .showSuggestionAfterError()
      .exitOverride();
    const wanted = await importModules(readArguments(args));
    const [first = ''] = wanted;
    const asksVersion = ['-V', '--version'].includes(first);
    const named = Object.hasOwn(commands, first) ? [first] : asksVersion ? [] : Object.keys(commands);
    for (const name of named) (await commands[name]())(program);
    program.option('--import <file>', 'a module that registers parts of your own; may stand anywhere, more than once');
    await program.parseAsync(wanted, { from: 'user' });
    return Number(process.exitCode ?? 0);
  } catch (error) {
    return tell(error);
  }
}

process.stderr.on('error', () => undefined); // if the terminal is closed, the work goes on to its end
// Errors of streams and threads arrive here. A reader that closed the pipe (`| head`) is no failure to report.
process.on('uncaughtException', (error: NodeJS.ErrnoException | undefined) => {
  if (error?.code === 'EPIPE') process.exit(141);
  try {
    process.exit(tell(error));
  } catch {
    process.stderr.write(`${error?.stack ?? String(error)}\n`);
    process.exit(1);
  }
});

void main(process.argv.slice(2)).then((code) => {
  process.exitCode = code;
});
