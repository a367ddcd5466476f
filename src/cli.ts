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

/** Runs the command line. Returns the exit code: 0, 1 for a mistake of the caller, 130 after Ctrl-C. */
export async function main(args: readonly string[]): Promise<number> {
  try {
    const { version } = JSON.parse(readFileSync(join(packageRoot(), 'package.json'), 'utf8')) as { version: string };
    const program = new Command('tripletlab')
      .description('image similarity from triplet labels: teachers, students, notebooks')
      .version(version)
      .showSuggestionAfterError()
      .exitOverride();
    const known = args[0] !== undefined && Object.hasOwn(commands, args[0]);
    const asksVersion = ['-V', '--version'].includes(args[0] ?? '');
    const named = known ? [args[0]] : asksVersion ? [] : Object.keys(commands);
    for (const name of named) (await commands[name]())(program);
    await program.parseAsync(readArguments(args), { from: 'user' });
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
