import test from 'ava';
import { Command } from 'commander';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { registerNotebook } from '../../src/commands/notebook.js';
import { UsageError } from '../../src/errors.js';
import { tripletlab } from '../command-line.js';
import { makeFolder, makeNotebook, noJupyter, testUnless } from './helpers.js';

const { folder, remove } = makeFolder();
test.after.always(remove);

async function call(...args: string[]): Promise<void> {
  const program = new Command('tripletlab').exitOverride().configureOutput({ writeErr: () => undefined });
  registerNotebook(program);
  for (const command of program.commands[0].commands)
    command.exitOverride().configureOutput({ writeErr: () => undefined });
  await program.parseAsync(['notebook', ...args], { from: 'user' });
}

test('wrong arguments are refused in one line before anything runs', async (t) => {
  const file = join(folder, 'a.ipynb');
  writeFileSync(file, '{}');
  for (const [args, message] of [
    [['run', '--timeout', 'soon', file], 'invalid --timeout: soon; a positive number needed'],
    [['run', '--timeout', '0', file], 'invalid --timeout: 0; a positive number needed'],
    [['run', '--set', 'A-B=1', file], 'invalid --set: A-B=1; NAME=value needed'],
    [['run', file], `invalid notebook: ${file}; it is not a Jupyter notebook of format 4, save it as one`],
    [
      ['export', join(folder, 'none.ipynb')],
      `missing notebook: ${join(folder, 'none.ipynb')}; give the path of an .ipynb file`,
    ],
    [['serve', '--port', 'x'], 'invalid --port: x; a positive number needed'],
  ] as const)
    await t.throwsAsync(call(...args), { instanceOf: UsageError, message });
  await t.throwsAsync(call('run', '--in-plase'), { message: /unknown option '--in-plase'/ });
});

testUnless(noJupyter, 'a cell that fails ends the command with its message and status 1', (t) => {
  const file = makeNotebook(join(folder, 'fails.ipynb'), ['1', `throw new Error('the reason')`, '3']);
  const { status, stdout, stderr } = tripletlab(['notebook', 'run', file]);
  t.deepEqual([status, stdout], [1, '']);
  t.regex(stderr, /^tripletlab: \S*fails\.ipynb, cell 2: Error: the reason\n/);
});
