import test from 'ava';
import { readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { constants } from 'node:os';
import { join } from 'node:path';
import { loadTable, runTable, type CollectedTable } from '../../src/experiments/index.js';
import { temporaryFolder, tripletlab, tripletlabBeside } from '../command-line.js';
import { jobFiles, numbersOf, repeatedJobs } from './done-jobs.js';
import { Holds, until } from './holds.js';
import { SlurmCluster, whyNoCluster } from './slurm-cluster.js';

const reason = whyNoCluster();
const tested = reason === undefined ? test.serial : test.serial.skip;
const TABLE = 'table-backbones';

const resources = `
array_cap: 2
cpus: 1
signal_seconds: 240 # or half a minute more, says Slurm
stages:
  teachers: { jobs_per_task: 2 }
  embeddings: { jobs_per_task: 4 }
  networks: { jobs_per_task: 3 }
  evaluation: { jobs_per_task: 9 }
`;

/** What tasks said. */
function logs(folder: string): string {
  const place = join(folder, 'slurm', 'logs');
  return readdirSync(place)
    .map((name) => readFileSync(join(place, name), 'utf8'))
    .join('\n');
}

tested('a table on Slurm, with all that can go wrong, comes to the numbers of one on this machine', async (t) => {
  t.timeout(3_600_000); // a machine may be slow
  const folder = temporaryFolder();
  t.teardown(() => {
    rmSync(folder, { recursive: true, force: true });
  });
  const cluster = await SlurmCluster.start(join(folder, 'cluster'));
  t.teardown(() => cluster.stop());
  const holds = new Holds(join(folder, 'holds'));
  const came = (what: string, isSo: () => boolean) => until(what, isSo, () => cluster.report());
  const held = (name: string) => holds.held(name, () => cluster.report());
  const empty = () => came('an empty queue', () => cluster.tasks().length === 0);
  const since = performance.now();
  const show = (text: string): void => {
    if (process.env['SHOW_STATUS']) t.log(`${Math.round((performance.now() - since) / 1000)} s: ${text}`);
  };

  const [there, here] = [join(folder, 'slurm'), join(folder, 'local')];
  const file = join(folder, 'resources.yaml');
  writeFileSync(file, resources);
  const options = [TABLE, '--profile=smoke', `--out=${there}`];
  const on = (command: string, args: string[] = [], env = holds.env) =>
    tripletlab(['experiments', command, ...options, ...args], { env: { ...cluster.env, ...env } });
  const submission = ['--on=slurm', `--resources=${file}`];
  const submit = (env = holds.env) => on('run', submission, env);
  const submitted = (stdout: string): string[] =>
    stdout.split('\n').flatMap((line) => /^Slurm job \d+: (.*)/.exec(line)?.[1] ?? []);

  // it is killed before the first array is submitted, then between two: nothing is lost, and nothing submitted twice
  holds.order('run-0111', 'run-0531');
  t.is(submit(holds.killedAt('after slurm/tripletlab-')).status, null);
  t.is(cluster.tasks().length, 0);
  t.is(submit(holds.killedAt('before slurm/tripletlab- 3')).status, null);
  t.is(cluster.tasks().length, 4);
  const rest = submit();
  t.is(rest.status, 0, rest.stderr);
  t.deepEqual(submitted(rest.stdout), ['6 tasks of networks', '2 tasks of evaluation']);
  const again = submit();
  t.deepEqual([again.status, submitted(again.stdout)], [0, []]);
  t.regex(again.stdout, /^48 jobs are in the queue already$/m);
  t.is(cluster.tasks().length, 12);
  show('submitted');

  // a task is killed: its jobs are left, and it is not begun again by itself
  holds.order('run-0201', 'run-0401', 'run-0661');
  holds.release('run-0111', 'run-0531');
  const killed = await held('run-0201');
  const near = await held('run-0401');
  const warned = cluster.taskOf(near);
  process.kill(killed, 'SIGKILL');
  await held('run-0661');
  holds.release('run-0201');
  const stands = on('status').stdout;
  show(stands);
  t.regex(stands, /^all +15 +2 +29 +1 +1$/m);
  t.regex(stands, /^running .*run-0401 .*Slurm \d+_1 on .*epoch 0 of 1/m);
  t.regex(stands, /^queued .*run-0142 .* Slurm \d+_3 /m);
  t.regex(stands, /^failed .*run-0201 .*its process on .* was killed/m);

  // the controller is killed: nothing is submitted unseen, and it takes up its tasks again
  const queue = cluster.tasks();
  await cluster.killController(warned);
  const [run, status] = await Promise.all([
    tripletlabBeside(['experiments', 'run', ...options, ...submission], { env: cluster.env }),
    tripletlabBeside(['experiments', 'status', ...options], { env: cluster.env }),
  ]);
  t.deepEqual([run.status, status.status], [1, 0]);
  t.regex(run.stderr, /^tripletlab: squeue failed: .*; run again when Slurm answers$/m);
  t.regex(status.stdout, /^squeue failed: .*; run again when Slurm answers$/m);
  await cluster.startController();
  t.deepEqual(cluster.tasks(), queue);
  show('controller killed');

  // a task comes near its time limit: it is warned, checkpoints and is requeued; drained, the node begins nothing
  cluster.update(`NodeName=${cluster.node}`, 'State=DRAIN', 'Reason=test');
  cluster.limit(warned);
  await came('a warning', () => cluster.sent(constants.signals.SIGUSR1, near));
  holds.release('run-0401');
  await came('a requeued task', () => cluster.tasks('PENDING').includes(warned));
  t.is(cluster.nodeState(), 'draining');
  // its daemon is killed: its task goes on
  cluster.killNode();
  cluster.startNode();
  holds.release('run-0661');
  await came('a drained node', () => cluster.nodeState() === 'drained');
  t.deepEqual(cluster.tasks('RUNNING'), []);
  t.deepEqual(cluster.tasks('PENDING').length, 6);
  t.regex(on('status').stdout, /^all +17 +29 +1 +1$/m);
  show('drained');

  // the node crashes: what it was at is requeued
  holds.order('run-0142', 'run-0342');
  cluster.update(`NodeName=${cluster.node}`, 'State=RESUME');
  const lost = [await held('run-0142'), await held('run-0342')];
  const { done, all } = await runTable(loadTable(TABLE, { profile: 'smoke', folder: here }));
  t.deepEqual([done, all], [48, 48]);
  show('done here');
  const tasks = lost.map((pid) => cluster.taskOf(pid));
  await cluster.crashNode(lost);
  holds.release('run-0142', 'run-0342');
  await came('requeued tasks', () => tasks.every((task) => cluster.tasks('PENDING').includes(task)));
  await empty();
  show('node crashed');

  // what failed, and what needs it, is submitted alone; cancelled, it goes on when it is submitted again
  const left = on('status').stdout;
  t.regex(left, /^all +44 +\d/m);
  t.regex(left, /^failed .*run-0201 .*its process on .* was killed/m);
  const alone = ['1 task of networks', '1 task of evaluation'];
  holds.order('run-0201');
  t.deepEqual(submitted(submit().stdout), alone);
  const cancelled = await held('run-0201');
  t.is(on('cancel').stdout, '2 tasks cancelled\n');
  await came('an end', () => cluster.sent(constants.signals.SIGTERM, cancelled));
  holds.release('run-0201');
  await empty();
  t.deepEqual(submitted(submit().stdout), alone);
  await empty();
  t.regex(on('status').stdout, /: 48 of 48 jobs done, done$/m);
  show('done');

  // each job was done once
  t.is(jobFiles(there).length, 48);
  t.deepEqual(repeatedJobs(there), {
    'things_se_rkd_inc run-0201': 'going, interrupted, done',
    'ihsjc_se_rkd_inc run-0401': 'interrupted, done',
    'things_se_rkd run-0142': 'going, done',
    'ihsjc_se_rkd run-0342': 'going, done',
  });
  t.regex(logs(there), /^run-0401 goes on after epoch \d, batch \d/m);
  const collect = (place: string) =>
    numbersOf(JSON.parse(on('collect', ['--format=json', `--out=${place}`]).stdout) as CollectedTable);
  t.deepEqual(collect(there), collect(here));
});

test('Slurm is here, or it is said why it is not', (t) => {
  if (reason !== undefined) t.log(`the test on Slurm is skipped: ${reason}`);
  t.pass();
});
