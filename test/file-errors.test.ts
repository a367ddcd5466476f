import { execFileSync, spawnSync } from 'node:child_process';
import {
  chmodSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { homedir, tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import test, { type ExecutionContext } from 'ava';
import { UsageError } from '../src/errors.js';
import { fileError } from '../src/file-errors.js';
import { makeFolder, needWritable, writeFileAtomic } from '../src/files.js';
import { expandHome } from '../src/files.js';
import { tripletlab, tripletlabBeside } from './command-line.js';

const folder = mkdtempSync(join(tmpdir(), 'file-errors-'));
test.after.always(() => {
  for (const place of [folder, elsewhere]) rmSync(place, { recursive: true, force: true });
});
const elsewhere = mkdtempSync(join(tmpdir(), 'file-errors-'));
writeFileSync(join(folder, 'file'), 'mine');
symlinkSync('circle', join(folder, 'circle'));
symlinkSync('nowhere', join(folder, 'dangling'));

const quick = [
  'configurations/synthetic/synthetic_p_ste.yaml',
  'optimization.num_training_epochs=1',
  'optimization.num_batches_per_epoch=2',
];
const long = 'x'.repeat(300);

/** What a command that fails says last, after what it tells of its work: one line, no stack trace. */
function lineOf(t: ExecutionContext, { status, stderr }: { status: number | null; stderr: string }): string {
  t.is(status, 1, stderr);
  const lines = stderr.trimEnd().split('\n');
  t.deepEqual(
    lines.filter((line) => /^tripletlab: |^ +at |^node:|Error: /.test(line)),
    lines.slice(-1),
  );
  return lines.at(-1)!;
}

/** Places where no folder can be, and what is said of them. */
const impossible: readonly [place: string, problem: RegExp][] = [
  [join(folder, 'file'), /(something else is there|a part of the path is a file); /],
  [join(folder, 'file', 'below'), /a part of the path is a file; correct the path or move that file away$/],
  [join(folder, long), /the name is too long; choose a shorter one$/],
  ['/dev/null/x', /a part of the path is a file; correct the path or move that file away$/],
  ['/proc/x', /no such file or folder; correct the path$/],
  [join(folder, 'circle'), /links lead in a circle; correct the path$/],
  [join(folder, 'dangling'), /; /],
];

test('a folder that cannot be made is one line', (t) => {
  for (const [place, problem] of impossible)
    for (const act of [() => makeFolder(place), () => writeFileAtomic(join(place, 'a', 'b'), '')]) {
      const { message } = t.throws(act, { instanceOf: UsageError });
      t.regex(message, problem);
      t.notRegex(message, /\n/);
      t.true(message.length < 500);
    }
  makeFolder(join(elsewhere, 'a/b/c'));
  makeFolder(join(elsewhere, 'a/b/c'));
  t.true(existsSync(join(elsewhere, 'a/b/c')));
});

test('whether a folder can be written is told without making it', (t) => {
  needWritable(join(folder, 'not/there/yet'));
  t.false(existsSync(join(folder, 'not')));
  for (const place of [
    join(folder, 'file'),
    join(folder, 'file/x'),
    join(folder, long),
    '/dev/null/x',
    join(folder, 'dangling', 'x'),
  ])
    // prettier-ignore
    t.throws(() => needWritable(place), { instanceOf: UsageError, message: /^cannot write into / });
});

test('training into such a place ends in one line and leaves nothing', async (t) => {
  const before = readdirSync(folder);
  await Promise.all(
    impossible.map(async ([place]) => {
      const ended = await tripletlabBeside(['train', ...quick, `run.output_directory_name=${place}`]);
      t.regex(lineOf(t, ended), /^tripletlab: cannot /);
    }),
  );
  t.deepEqual(readdirSync(folder), before);
});

const isRoot = process.getuid?.() === 0;
const asNobody = ['--reuid=65534', '--regid=65534', '--clear-groups'];
const canBeNobody = !isRoot || spawnSync('setpriv', [...asNobody, process.execPath, '-e', '']).status === 0;
(canBeNobody ? test : test.skip)(
  'a folder without permission is one line, before any work (root needs setpriv)',
  (t) => {
    const closed = mkdtempSync(join(tmpdir(), 'closed-'));
    chmodSync(closed, 0o555);
    const run = (...args: string[]): { status: number | null; stderr: string } => {
      const command = [process.execPath, resolve('dist/cli.js'), ...args];
      const [program, ...rest] = isRoot ? ['setpriv', ...asNobody, ...command] : command;
      return spawnSync(program, rest, { encoding: 'utf8' });
    };
    const denied = /^tripletlab: cannot (make|write into) [^\n]*: permission denied; choose another folder or change its permissions$/; // prettier-ignore
    for (const place of [closed, join(closed, 'a/b')])
      for (const args of [
        ['train', ...quick, `run.output_directory_name=${place}`],
        ['notebook', 'install', '--prefix', place],
      ]) {
        t.regex(lineOf(t, run(...args)), denied);
      }
    t.deepEqual(readdirSync(closed), []);
    rmSync(closed, { recursive: true });
  },
);

test('a full disk under what a command prints, too few file handles, a file that may not grow: one line each', (t) => {
  const shell = (script: string): { status: number | null; stderr: string } =>
    spawnSync('sh', ['-c', script, process.execPath, resolve('dist/cli.js'), ...quick], { encoding: 'utf8' });
  if (existsSync('/dev/full')) {
    const full = shell('"$0" "$1" --version > /dev/full');
    t.is(lineOf(t, full), 'tripletlab: cannot write: no space left on device; free some space and run again');
  }
  const few = shell('c=$1; shift; ulimit -n 30; "$0" "$c" train "$@"');
  t.regex(lineOf(t, few), /^tripletlab: .* raise the limit(, as| of open files, as) by ulimit -n 4096$/);
  const place = join(elsewhere, 'limited');
  const small = shell(
    `c=$1; shift; trap '' XFSZ; ulimit -f 1; "$0" "$c" train "$@" run.output_directory_name=${place}`,
  );
  t.regex(lineOf(t, small), /^tripletlab: cannot write .*: the file is too large for its file system; choose another folder$/); // prettier-ignore
  t.false(existsSync(place)); // no lock, no file half written
});

test('a reader that closes the pipe ends the command without a word', (t) => {
  const { stderr } = spawnSync('sh', ['-c', '"$0" "$1" data list | true', process.execPath, resolve('dist/cli.js')], {
    encoding: 'utf8',
  });
  t.is(stderr, '');
});

test('errors of the system are told by code, others are left as they are', (t) => {
  const made = (code: string, rest: object): Error => Object.assign(new Error(code), { code, errno: -5, ...rest });
  const line = (error: Error, action = {}): string => (fileError(error, action) as Error).message;
  t.is(line(made('ENOSPC', { syscall: 'write' })), 'cannot write: no space left on device; free some space and run again'); // prettier-ignore
  t.is(line(made('EROFS', { syscall: 'open', path: '/r/a' })), 'cannot open /r/a: the file system is read-only; choose another folder'); // prettier-ignore
  t.is(line(made('EWEIRD', { syscall: 'fsync', path: '/r/a' })), 'cannot fsync /r/a: i/o error; correct that and run again'); // prettier-ignore
  t.is(line(made('ENOENT', { syscall: 'spawn jupyter' })), 'cannot spawn jupyter: no such file or folder; correct the path'); // prettier-ignore
  t.is(line(made('EACCES', { syscall: 'open', path: 'a\nb' }), { verb: 'write' }), 'cannot write a?b: permission denied; choose another folder or change its permissions'); // prettier-ignore
  const fault = new TypeError('x is not a function');
  t.is(fileError(fault), fault);
  const known = new UsageError('one line');
  t.is(fileError(known), known);
});

test('~ is the home folder wherever a shell leaves it as it is', (t) => {
  t.is(expandHome('~/data'), join(homedir(), 'data'));
  for (const path of ['~', 'a/~/b', '~other/x', './~/x']) t.is(expandHome(path), path);
  const home = join(elsewhere, 'home');
  mkdirSync(home);
  const env = { HOME: home };
  t.is(tripletlab(['train', ...quick, 'run.output_directory_name=~/runs'], { env }).status, 0);
  t.deepEqual(readdirSync(join(home, 'runs')), ['run-1001']);
  const uri = 'model_uri=Psycho,embedding_size:32/~/runs/run-1001/checkpoint-best.pth';
  const evaluated = tripletlab(['evaluate', quick[0], 'subset_name=validation', uri], { env });
  t.is(evaluated.status, 0, evaluated.stderr);
  const missing = tripletlab(['data', 'verify', 'cars', '--root=~/none'], { env });
  t.regex(missing.stderr, new RegExp(`there is no folder ${home}/none`));
});

const mountable = isRoot && spawnSync('mount', ['--version']).status === 0;
(mountable ? test : test.skip)('a read-only disk is one line (needs root to mount one)', (t) => {
  const disk = join(elsewhere, 'disk');
  mkdirSync(disk);
  execFileSync('mount', ['-t', 'tmpfs', '-o', 'ro', 'tmpfs', disk]);
  try {
    const ended = tripletlab(['train', ...quick, `run.output_directory_name=${disk}/runs`]);
    t.regex(
      lineOf(t, ended),
      /^tripletlab: cannot (make|write into) .*: the file system is read-only; choose another folder$/,
    );
  } finally {
    execFileSync('umount', [disk]);
  }
});
