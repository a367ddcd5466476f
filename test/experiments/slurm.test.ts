import test from 'ava';
import { existsSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { loadTable, runTable, type CollectedTable } from '../../src/experiments/index.js';
import type { Attempt } from '../../src/experiments/jobs/attempts.js';
import type { LockOwner } from '../../src/training/lock-owner.js';
import { temporaryFolder, tripletlab } from '../command-line.js';
import { SlurmCluster, until, whyNoCluster } from './slurm-cluster.js';

const reason = whyNoCluster();
const tested = reason === undefined ? test.serial : test.serial.skip;
const TABLE = 'table-backbones';

const resources = `
array_cap: 2
cpus: 1
signal_seconds: 60
stages:
  teachers: { jobs_per_task: 2 }
  embeddings: { jobs_per_task: 4 }
  networks: { jobs_per_task: 3 }
  evaluation: { jobs_per_task: 9 }
`;

interface JobFile {
  readonly label: string;
  readonly attempts: readonly Attempt[];
}

/** The jobs of an experiments folder that were begun. */
const jobFiles = (folder: string): JobFile[] =>
  readdirSync(join(folder, 'jobs')).flatMap((key) => {
    try {
      return [JSON.parse(readFileSync(join(folder, 'jobs', key, 'job.json'), 'utf8')) as JobFile];
    } catch {
      return []; // locked, not begun
    }
  });

/** A process at the first of its task's networks. */
function trainer(folder: string, but?: number): number | undefined {
  const place = join(folder, 'jobs');
  for (const key of existsSync(place) ? readdirSync(place) : [])
    try {
      const { pid } = JSON.parse(readFileSync(join(folder, 'jobs', key, 'lock'), 'utf8')) as LockOwner;
      const { label, attempts } = JSON.parse(readFileSync(join(folder, 'jobs', key, 'job.json'), 'utf8')) as JobFile;
      if (/_se_rkd run-\d+$/.test(label) && attempts.at(-1)!.end === 'going' && pid !== but) return pid;
    } catch {
      // not at work
    }
  return undefined;
}

/** The numbers of a table, without what differs from time to time. */
function numbers(stdout: string): unknown {
  const { rows, comparisons } = JSON.parse(stdout) as CollectedTable;
  const timeless = rows.map((row) => ({ ...row, seconds: 0, runs: row.runs.map((run) => ({ ...run, seconds: 0 })) }));
  return { rows: timeless, comparisons };
}

tested('a table on Slurm, with all that can go wrong, comes to the numbers of one on this machine', async (t) => {
  t.timeout(600_000);
  const folder = temporaryFolder();
  const [there, here] = [join(folder, 'slurm'), join(folder, 'local')];
  const cluster = await SlurmCluster.start(join(folder, 'cluster'));
  t.teardown(async () => {
    await cluster.stop();
    rmSync(folder, { recursive: true, force: true });
  });
  const file = join(folder, 'resources.yaml');
  writeFileSync(file, resources);
  const on = (command: string, out: string, ...args: string[]) =>
    tripletlab(['experiments', command, TABLE, '--profile=smoke', `--out=${out}`, ...args], { env: cluster.env });
  const submit = () => on('run', there, '--on=slurm', `--resources=${file}`);
  const submitted = (stdout: string): string[] => stdout.split('\n').filter((line) => line.startsWith('Slurm job'));

  const first = submit();
  t.is(first.status, 0, first.stderr);
  t.deepEqual(
    submitted(first.stdout).map((line) => line.replace(/^Slurm job \d+: /, '')),
    ['2 tasks of teachers', '2 tasks of embeddings', '6 tasks of networks', '2 tasks of evaluation'],
  );
  const again = submit();
  t.deepEqual([again.status, submitted(again.stdout)], [0, []], 'nothing is given to Slurm twice');
  t.regex(again.stdout, /^\d+ jobs are in the queue already$/m);

  // a task is killed: its jobs are left, and it is not begun again by itself
  await until('a network in training', () => trainer(there) !== undefined);
  const killed = trainer(there)!;
  process.kill(killed, 'SIGKILL');
  // another is warned: it checkpoints and is requeued
  await until('another network in training', () => trainer(there, killed) !== undefined);
  const warned = trainer(there, killed)!;
  process.kill(warned, 'SIGUSR1');

  // the node is drained: what runs ends, and nothing begins
  cluster.program('scontrol', ['update', `NodeName=${cluster.node}`, 'State=DRAIN', 'Reason=test']);
  await until('a drained node', () => cluster.nodeState() === 'drained');
  t.is(cluster.tasks('RUNNING'), 0);
  t.true(cluster.tasks('PENDING') > 0);
  const drained = on('status', there);
  t.regex(drained.stdout, /^queued .* Slurm \d+_\d+/m);
  t.regex(drained.stdout, /^failed .*its process on .* was killed/m);
  if (process.env['SHOW_STATUS']) t.log(drained.stdout);

  // the controller is killed: nothing is submitted unseen, and it takes up its jobs again
  cluster.killController();
  const deaf = submit();
  t.is(deaf.status, 1);
  t.regex(deaf.stderr, /squeue failed: .*; run again when Slurm answers/);
  t.regex(on('status', there).stdout, /squeue failed/);
  cluster.startController();
  await until('an answer of the controller', () => cluster.answers());
  cluster.program('scontrol', ['update', `NodeName=${cluster.node}`, 'State=RESUME']);
  await until('a running task', () => cluster.tasks('RUNNING') > 0);
  if (process.env['SHOW_STATUS']) t.log(on('status', there).stdout);
  await until(
    'an empty queue',
    () => cluster.tasks() === 0,
    300,
    () => cluster.report(),
  );

  // what failed, and what needs it, is submitted alone
  const left = on('status', there).stdout;
  t.regex(left, /^failed .*its process on .* was killed/m);
  if (process.env['SHOW_STATUS']) t.log(left);
  const last = submit();
  const arrays = submitted(last.stdout);
  t.deepEqual(
    arrays.map((line) => line.replace(/^Slurm job \d+: /, '')),
    ['1 task of networks', '1 task of evaluation'],
  );
  await until(
    'an empty queue',
    () => cluster.tasks() === 0,
    300,
    () => cluster.report(),
  );
  t.regex(on('status', there).stdout, /48 of 48 jobs done, done/);

  const jobs = jobFiles(there);
  t.is(jobs.length, 48);
  const ends = jobs.map(({ attempts }) => attempts.map(({ end }) => end));
  t.true(
    ends.every((all) => all.filter((end) => end === 'done').length === 1 && all.at(-1) === 'done'),
    'done once',
  );
  t.is(ends.filter((all) => all.includes('going')).length, 1, 'one was killed');
  t.is(ends.filter((all) => all.includes('interrupted')).length, 1, 'one was requeued');

  const { done, all } = await runTable(loadTable(TABLE, { profile: 'smoke', folder: here }));
  t.deepEqual([done, all], [48, 48]);
  const collect = (out: string) => numbers(on('collect', out, '--format=json').stdout);
  t.deepEqual(collect(there), collect(here));
});

test('Slurm is here, or it is said why it is not', (t) => {
  if (reason !== undefined) t.log(`the test on Slurm is skipped: ${reason}`);
  t.pass();
});
