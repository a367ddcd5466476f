import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import test from 'ava';
import { temporaryFolder } from '../command-line.js';
import { torchIsBuilt } from '../engine/torch-is-built.js';
import type { Report } from './report.js';

const program = 'build/test/gpu-proof/index.js';

test.serial('packed, carried elsewhere and run without npm, the dry run proves every part', (t) => {
  t.timeout(900_000);
  const folder = temporaryFolder();
  const [packed, place, out] = ['packed', 'place', 'out'].map((name) => join(folder, name));
  mkdirSync(place);
  const packing = spawnSync(process.execPath, [program, 'pack', packed], {
    encoding: 'utf8',
    env: { ...process.env, XZ_OPT: '-0 -T0' },
  });
  t.is(packing.status, 0, packing.stderr);
  // no variable of this process but what finds the system's programs, and no module of this folder
  const { status, stderr } = spawnSync('sh', [join(packed, 'run.sh'), '--dry-run', '--minutes', '14', '--out', out], {
    encoding: 'utf8',
    cwd: folder,
    env: { PATH: '/usr/local/bin:/usr/bin:/bin', TRIPLETLAB_UNPACKED: place },
  });
  t.is(status, 0, stderr);
  const { parts, engine } = JSON.parse(readFileSync(join(out, 'report.json'), 'utf8')) as Report;
  const byStatus = (wanted: string) => parts.filter((part) => part.status === wanted).map(({ name }) => name);
  const onTorch = engine === 'torch-cpu';
  t.true(onTorch || !torchIsBuilt, engine);
  const skipped = onTorch ? ['webgpu'] : ['build', 'out-of-memory', 'webgpu'];
  t.deepEqual(byStatus('skipped'), skipped);
  t.is(byStatus('passed').length, parts.length - skipped.length);
  t.is(existsSync(join(place, 'build', 'torch', 'torch.node')), onTorch, 'it was built there');
  const page = readFileSync(join(out, 'report.md'), 'utf8');
  for (const { title } of parts) t.true(page.includes(`## ${title}\n`), title);
  rmSync(folder, { recursive: true });
});

test.serial('a part that fails is named, and what needs it is not reached', (t) => {
  const out = temporaryFolder();
  // no machine of these tests has TensorFlow's CUDA package
  const { status, stderr } = spawnSync(process.execPath, [program, '--engine', 'tensorflow-cuda', '--out', out], {
    encoding: 'utf8',
  });
  t.is(status, 1);
  t.regex(
    stderr,
    /^engines: failed, \d+ s\n {2}tensorflow-cuda passed over: @tensorflow\/tfjs-node-gpu is not installed/m,
  );
  const { parts } = JSON.parse(readFileSync(join(out, 'report.json'), 'utf8')) as Report;
  t.deepEqual(
    parts.slice(3).map(({ status: state, skipped }) => [state, skipped]),
    parts.slice(3).map(() => ['not reached', 'the part engines failed']),
  );
  rmSync(out, { recursive: true });
});

test('slips in the arguments are refused in one line', (t) => {
  for (const [args, message] of [
    [['--minutes', 'six'], 'invalid --minutes: six; a positive number needed'],
    [['pack'], 'unknown arguments: pack; pack FOLDER, or options alone'],
    [['--parts', 'machine,step'], /^unknown part: step; did you mean steps\?/],
    [['--dry'], /^Unknown option '--dry'/],
  ] as const) {
    const { status, stderr } = spawnSync(process.execPath, [program, ...args], { encoding: 'utf8' });
    t.is(status, 1);
    if (typeof message === 'string') t.is(stderr.trim(), message);
    else t.regex(stderr, message);
  }
});
