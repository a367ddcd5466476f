import test from 'ava';
import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { tripletlab, temporaryFolder } from '../command-line.js';
import { findJupyter } from '../../src/notebook/kernel/jupyter.js';
import { joined, readNotebook } from '../../src/notebook/notebook-file.js';
import { makeNotebook, noJupyter, testUnless } from './helpers.js';

const home = temporaryFolder();
test.after.always(() => {
  rmSync(home, { recursive: true });
});

/** As a user who has set nothing: Jupyter finds by itself what it finds. */
const env = Object.fromEntries(
  Object.entries({ ...process.env, HOME: home }).filter(
    ([name]) => !['JUPYTER_PATH', 'JUPYTER_DATA_DIR', 'XDG_DATA_HOME'].includes(name),
  ),
);
const jupyter = (args: readonly string[], cwd: string) =>
  spawnSync(findJupyter(), args, { cwd, env, encoding: 'utf8', timeout: 200_000 });

testUnless(noJupyter, 'an installed kernel runs notebooks of any folder under plain Jupyter', (t) => {
  const { status, stdout, stderr } = tripletlab(['notebook', 'install', '--user'], {
    env: { ...env, JUPYTER_DATA_DIR: '' },
  });
  t.is(status, 0, stderr);
  const folder = join(home, '.local', 'share', 'jupyter', 'kernels', 'tripletlab');
  t.is(stdout, `kernel tripletlab: ${folder}\n`);
  t.regex(jupyter(['kernelspec', 'list'], home).stdout, new RegExp(`tripletlab +${folder}\\n`));

  const elsewhere = join(home, 'elsewhere');
  mkdirSync(elsewhere);
  const file = makeNotebook(join(elsewhere, 'a.ipynb'), [
    `import { losses, random } from 'tripletlab';\nObject.keys(losses).includes('ste')`,
    // a package of the package's own, which this folder has not
    `import * as tf from '@tensorflow/tfjs';\ntf.util.sizeFromShape([2, 3])`,
    `import { join } from 'node:path';\nconst name: string = join('a', process.platform);\nname.length > 0`,
  ]);
  const run = jupyter(['nbconvert', '--to', 'notebook', '--execute', file, '--output', 'b'], elsewhere);
  t.is(run.status, 0, run.stderr);
  const said = readNotebook(join(elsewhere, 'b.ipynb')).cells.map(({ outputs = [] }) =>
    joined(outputs.find(({ name }) => name === 'stdout')?.['text'] ?? ''),
  );
  t.deepEqual(said, ['true\n', '6\n', 'true\n']);

  const removed = tripletlab(['notebook', 'uninstall'], { env: { ...env, JUPYTER_DATA_DIR: '', XDG_DATA_HOME: '' } });
  t.is(removed.stdout, `removed ${folder}\n`);
  t.notRegex(jupyter(['kernelspec', 'list'], home).stdout, /tripletlab/);
});

test('a prefix is a folder of its own; what is not there is not removed; one place is given', (t) => {
  const prefix = join(home, 'prefix');
  const folder = join(prefix, 'share', 'jupyter', 'kernels', 'tripletlab');
  t.is(tripletlab(['notebook', 'install', '--prefix', prefix]).status, 0);
  const { argv } = JSON.parse(readFileSync(join(folder, 'kernel.json'), 'utf8')) as { argv: string[] };
  t.true(existsSync(argv[0]!) && existsSync(argv[2]!), argv.join(' '));
  t.is(tripletlab(['notebook', 'uninstall', '--prefix', prefix]).status, 0);
  t.false(existsSync(folder));
  const again = tripletlab(['notebook', 'uninstall', '--prefix', prefix]);
  t.deepEqual(
    [again.status, again.stderr],
    [1, `tripletlab: missing kernel: ${folder}; jupyter kernelspec list names where kernels are\n`],
  );
  const both = tripletlab(['notebook', 'install', '--user', '--sys-prefix']);
  t.is(both.stderr, 'tripletlab: invalid place: give one of --user, --sys-prefix and --prefix\n');
});
