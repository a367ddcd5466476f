import test from 'ava';
import { rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { loadResources, noResources } from '../../src/experiments/index.js';
import { jobsPerTask, sbatchOptions } from '../../src/experiments/runners/slurm/resources.js';
import { temporaryFolder } from '../command-line.js';

test('the files that come with it ask for what they say, stage by stage', (t) => {
  const gpu = loadResources('configurations/slurm/gpu.yaml');
  t.deepEqual(sbatchOptions(gpu, 'networks', 100), [
    '--partition=gpu',
    '--gres=gpu:1',
    '--mem=24G',
    '--time=24:00:00',
    '--cpus-per-task=8',
    '--array=0-99%16',
    '--signal=B:USR1@300',
  ]);
  const teachers = sbatchOptions(gpu, 'teachers', 1);
  t.true(
    teachers.includes('--gres=none') && teachers.includes('--time=2:00:00') && teachers.includes('--array=0-0%16'),
  );
  t.deepEqual(
    (['teachers', 'embeddings', 'networks', 'evaluation'] as const).map((stage) => jobsPerTask(gpu, stage)),
    [1, 8, 1, 4],
  );
  t.deepEqual(sbatchOptions(loadResources('configurations/slurm/cpu.yaml'), 'networks', 5), [
    '--mem=16G',
    '--time=24:00:00',
    '--cpus-per-task=8',
    '--array=0-4%32',
    '--signal=B:USR1@300',
  ]);
  t.deepEqual(sbatchOptions(noResources, 'evaluation', 2), ['--array=0-1%16', '--signal=B:USR1@120']);
});

const folder = temporaryFolder();
test.after.always(() => {
  rmSync(folder, { recursive: true, force: true });
});

/** What a file of resources comes to. */
function load(text: string) {
  const file = join(folder, 'resources.yaml');
  writeFileSync(file, text);
  return loadResources(file);
}

test('every key reaches sbatch, numbers of YAML as their text, further options last', (t) => {
  const all = load(`
partition: long
account: vision
qos: high
constraint: a100|h100
memory: 16000
time: 90
options: [--exclude=node7, '--comment=two words']
`);
  t.deepEqual(sbatchOptions(all, 'networks', 3), [
    '--partition=long',
    '--account=vision',
    '--qos=high',
    '--constraint=a100|h100',
    '--mem=16000',
    '--time=90',
    '--array=0-2%16',
    '--signal=B:USR1@120',
    '--exclude=node7',
    '--comment=two words',
  ]);
});

for (const [text, message] of [
  ['memry: 16G', /^invalid resources: all in \S+resources\.yaml: .*memry/],
  ['array_cap: 0', /^invalid resources: array_cap in \S+: /],
  ['gres: gpu:1 --wrap=ls', /^invalid resources: gres in \S+: a word without spaces$/],
  ['options: [wrap]', /^invalid resources: options\.0 in \S+: an option such as --exclude=node7$/],
  ['stages: { students: { time: 30 } }', /^invalid resources: stages.* in \S+: .*students/],
  ['stages: { teachers: { stages: {} } }', /^invalid resources: stages\.teachers in \S+: /],
] as const)
  test(`refused in one line: ${text}`, (t) => {
    const { message: said } = t.throws(() => load(text));
    t.regex(said, message);
    t.false(said.includes('\n'));
  });

test('a missing file is named', (t) => {
  t.throws(() => loadResources(join(folder, 'none.yaml')), {
    message: /^missing file: \S+none\.yaml; give a YAML file/,
  });
});
