import test from 'ava';
import { spawnSync } from 'node:child_process';
import { chmodSync, mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { temporaryFolder } from '../command-line.js';

const folder = temporaryFolder();
test.after.always(() => {
  rmSync(folder, { recursive: true });
});

/** Programs of these names and texts in a folder of their own. */
function scripts(name: string, texts: Readonly<Record<string, string>>): string {
  const place = join(folder, name);
  mkdirSync(place);
  for (const [file, text] of Object.entries(texts)) {
    writeFileSync(join(place, file), text);
    chmodSync(join(place, file), 0o755);
  }
  return place;
}

/** What a fresh process finds; `PATH` has nothing else, but `/usr/bin` is looked into last. */
function found(environment: Readonly<Record<string, string>>): string {
  const code = "import { findJupyter } from './dist/notebook/kernel/jupyter.js'; console.log(findJupyter())";
  const { stdout, stderr } = spawnSync(process.execPath, ['--input-type=module', '-e', code], {
    env: environment,
    encoding: 'utf8',
  });
  return stdout.trim() || stderr;
}

const always = '#!/bin/sh\nexit 0\n';
const never = '#!/bin/sh\nexit 1\n';
const runs = '#!/bin/sh\n[ "$1 $2" = "nbconvert --version" ]\n';

test('a jupyter whose Python has nbconvert is found without starting it', (t) => {
  const place = scripts('whole', { python3: always, 'jupyter-nbconvert': never });
  writeFileSync(join(place, 'jupyter'), `#!${place}/python3\n`, { mode: 0o755 });
  t.is(found({ PATH: place }), join(place, 'jupyter'));
});

test('one whose Python lacks it is passed over for the next', (t) => {
  const lacking = scripts('lacking', { python3: never, 'jupyter-nbconvert': never });
  writeFileSync(join(lacking, 'jupyter'), `#!${lacking}/python3\n`, { mode: 0o755 });
  const next = scripts('next', { jupyter: runs });
  t.is(found({ PATH: `${lacking}:${next}` }), join(next, 'jupyter'));
});

test('a shim is asked by running nbconvert, and $JUPYTER alone counts where it is set', (t) => {
  const shim = scripts('shim', { jupyter: runs, 'jupyter-nbconvert': never });
  t.is(found({ PATH: shim }), join(shim, 'jupyter'));
  const broken = join(scripts('broken', { jupyter: never }), 'jupyter');
  t.regex(
    found({ PATH: shim, JUPYTER: broken }),
    /invalid JUPYTER: .*broken\/jupyter; it does not run nbconvert, name another or unset JUPYTER/,
  );
});
