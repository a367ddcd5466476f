import test from 'ava';
import { readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { CollectedTable } from '../../src/experiments/index.js';
import { temporaryFolder, tripletlab } from '../command-line.js';
import { jobFiles, numbersOf, repeatedJobs } from './done-jobs.js';
import { Holds, until } from './holds.js';
import { whyNoMachines } from './machine.js';
import { SlurmCluster, whyNoCluster } from './slurm-cluster.js';

const reason = whyNoCluster() ?? whyNoMachines();
const tested = reason === undefined ? test.serial : test.serial.skip;
const TABLE = 'table-class-datasets';

const resources = `
array_cap: 2
cpus: 1
stages:
  networks: { jobs_per_task: 1 }
  evaluation: { jobs_per_task: 3 }
`;

/** A loss of one's own, as a module: it pulls distances towards those of the mean of the teachers. */
const module = `
import { losses, tf } from 'tripletlab';

const distances = (rows: tf.Tensor): tf.Tensor => tf.sub(1, tf.matMul(rows as tf.Tensor2D, rows as tf.Tensor2D, false, true));

losses.register({
  name: 'pull',
  supervision: 'teachers',
  loss: (embeddings, { teachers }) =>
    tf.mean(tf.squaredDifference(distances(embeddings), tf.mean(tf.stack(tf.unstack(teachers, 1).map(distances)), 0))),
});
`;

tested(
  'a table with a loss of ones own on two machines, one of which is lost, comes to the numbers of one',
  async (t) => {
    t.timeout(3_600_000); // a machine may be slow
    const folder = temporaryFolder();
    t.teardown(() => {
      rmSync(folder, { recursive: true, force: true });
    });
    const [file, mine] = [join(folder, 'resources.yaml'), join(folder, 'mine.ts')];
    writeFileSync(file, resources);
    writeFileSync(mine, module);
    const [there, here] = [join(folder, 'shared'), join(folder, 'local')];
    const cluster = await SlurmCluster.start(join(folder, 'cluster'), { machines: ['first', 'second'] });
    t.teardown(() => cluster.stop());
    const holds = new Holds(join(folder, 'holds'));
    const options = [TABLE, '--profile=smoke', '--rows=stmr,pull', `--import=${mine}`];
    const on = (command: string, place: string, ...args: string[]) => {
      const ended = tripletlab(['experiments', command, ...options, `--out=${place}`, ...args], {
        env: { ...cluster.env, ...holds.env },
      });
      t.is(ended.status, 0, ended.stderr);
      return ended.stdout;
    };
    const submit = () => on('run', there, '--on=slurm', `--resources=${file}`);

    // each machine is at a network when one of them is lost
    holds.order('run-0006', 'run-0007');
    t.regex(submit(), /^Slurm job \d+: 6 tasks of networks$/m);
    const held = [
      await holds.held('run-0006', () => cluster.report()),
      await holds.held('run-0007', () => cluster.report()),
    ];
    const [lost, kept] = held.map((pid) => cluster.machineOf(pid));
    t.deepEqual([lost.name, kept.name].sort(), ['first', 'second']);
    t.regex(on('status', there), /^running .*pull run-0006 .* on (first|second)/m);
    lost.crash();
    holds.release('run-0006', 'run-0007');

    // the other does all that is left, and what was begun there
    await until(
      'an empty queue',
      () => cluster.tasks().length === 0,
      () => cluster.report(),
    );
    t.regex(on('status', there), /: 12 of 12 jobs done, done$/m);
    const jobs = jobFiles(there);
    t.is(jobs.length, 12);
    t.deepEqual(repeatedJobs(there), { 'cub_se_rkd_ns_vits pull run-0006': 'going, done' });
    const hosts = jobs.map(({ attempts }) => attempts.at(-1)!.host);
    t.deepEqual(new Set(hosts), new Set([kept.name]));

    // records name the module of the loss, and the numbers are those of one machine
    const records = readdirSync(join(there, 'runs'), { recursive: true, encoding: 'utf8' })
      .filter((name) => name.endsWith('run.json'))
      .map((name) => JSON.parse(readFileSync(join(there, 'runs', name), 'utf8')) as { parts?: { module: string }[] });
    t.deepEqual(records.flatMap(({ parts = [] }) => parts.map((part) => part.module)), [mine, mine, mine]); // prettier-ignore
    on('run', here);
    const collect = (place: string) => numbersOf(JSON.parse(on('collect', place, '--format=json')) as CollectedTable);
    t.deepEqual(collect(there), collect(here));
  },
);
