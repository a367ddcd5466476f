import { createHash } from 'node:crypto';
import { once } from 'node:events';
import { existsSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import test from 'ava';
import { dump } from 'js-yaml';
import type { Results } from '../../src/experiments/index.js';
import { Stream } from '../../src/random/stream.js';
import { BEST_FILE, LAST_FILE } from '../../src/training/checkpoint.js';
import type { RunRecord } from '../../src/training/index.js';
import { startTripletlab, temporaryFolder, tripletlab } from '../command-line.js';

const data = ['dataset.num_items=40', 'dataset.num_triplets=900'];
const network = [...data, 'preprocessing.image_size=32', 'model.embedding_size=8'];
const [teachers, student, direct] = [1001, 1021, 1031].map((id) => `run-${id}`);

/** The whole route; each training takes a second or more, so that it has checkpoints to be resumed from. */
const plan = {
  name: 'small',
  teachers: {
    configuration: 'configurations/synthetic/synthetic_p_ste.yaml',
    overrides: [...data, 'dataset.batch_size=30', 'num_repetitions=2', 'optimization.num_training_epochs=300'],
  },
  source_embeddings_id: 'pt_ste2',
  students: [
    {
      configuration: 'configurations/synthetic/synthetic_se_rkd.yaml',
      overrides: [...network, 'dataset.batch_size=8', 'optimization.num_training_epochs=20'],
    },
  ],
  direct: [
    {
      configuration: 'configurations/synthetic/synthetic_d_ste.yaml',
      overrides: [...network, 'dataset.batch_size=60', 'optimization.num_training_epochs=2'],
    },
  ],
  evaluation: {
    configuration: 'configurations/synthetic/synthetic_img_e.yaml',
    overrides: ['dataset.num_items=40', 'dataset.num_triplets=9000', 'preprocessing.image_size=32'],
  },
  evaluate_start: true,
};

/** A folder with the plan. */
function planned(): string {
  const folder = temporaryFolder();
  writeFileSync(join(folder, 'plan.yaml'), dump(plan));
  return folder;
}

const place = (folder: string, ...names: string[]): string => join(folder, 'modeling/small', ...names);

function isThere(folder: string, ...names: string[]): boolean {
  return existsSync(place(folder, ...names));
}

function statusOf(folder: string, run: string): string | undefined {
  if (!isThere(folder, 'runs', run, 'run.json')) return undefined;
  return (JSON.parse(readFileSync(place(folder, 'runs', run, 'run.json'), 'utf8')) as RunRecord).status;
}

/** A process at work: where it is and what it has said. */
interface Sight {
  readonly folder: string;
  readonly stderr: string;
}

const says = (what: RegExp) => (sight: Sight) => what.test(sight.stderr);
const has =
  (...names: string[]) =>
  (sight: Sight) =>
    isThere(sight.folder, ...names);
const ended = (run: string) => (sight: Sight) => statusOf(sight.folder, run) === 'finished';

/** When a process is killed, in the order in which the moments come. */
const moments: readonly (readonly [name: string, isNow: (sight: Sight) => boolean])[] = [
  ['teachers begin', has('runs', teachers, 'run.json')],
  ['teachers are under way', has('runs', teachers, LAST_FILE)],
  ['embeddings are to be saved', says(/^embeddings /m)],
  ['embeddings are there', has('embeddings', 'embeddings_pt_ste2.npz')],
  ['the student is to be evaluated as it starts', says(/^student /m)],
  ['the student is evaluated as it starts', has('evaluations', `${student}-start.json`)],
  ['the student begins', has('runs', student, 'run.json')],
  ['the student is under way', has('runs', student, LAST_FILE)],
  ['the student is trained and not evaluated', ended(student)],
  ['the student is evaluated', has('evaluations', `${student}-best.json`)],
  ['the direct route begins', has('runs', direct, 'run.json')],
  ['the direct route is under way', has('runs', direct, LAST_FILE)],
  ['the direct route is trained and not evaluated', ended(direct)],
  ['all is evaluated', has('evaluations', `${direct}-best.json`)],
];

/** Starts the plan and kills it when it is time; the process's exit code, null where it was killed. */
async function killedAt(folder: string, isTime: (sight: Sight) => boolean): Promise<number | null> {
  const child = startTripletlab(['reproduce', 'plan.yaml'], { cwd: folder });
  let stderr = '';
  child.stderr!.on('data', (chunk: Buffer) => (stderr += chunk.toString()));
  const end = once(child, 'exit') as Promise<[number | null]>;
  while (child.exitCode === null && !isTime({ folder, stderr })) await wait(1);
  child.kill('SIGKILL');
  const [code] = await end;
  said.push(stderr);
  return code;
}
const said: string[] = [];

/** The plan's files but what a killed process leaves: files half written, locks. No reader takes them for results. */
function files(folder: string): string[] {
  return readdirSync(place(folder), { recursive: true, encoding: 'utf8' })
    .filter((name) => !/^(\.\d+-\d+\.tmp|\.lock-\d+|lock)$/.test(basename(name)))
    .map((name) => name.replace(/tfevents\.\d+/, 'tfevents'))
    .sort();
}

/** What the plan came to: numbers and weights. */
function outcome(folder: string): unknown {
  const results = JSON.parse(readFileSync(place(folder, 'results.json'), 'utf8')) as Results;
  const runs = [teachers, 'run-1002', student, direct];
  const digest = (...names: string[]) =>
    createHash('sha256')
      .update(readFileSync(place(folder, ...names)))
      .digest('hex');
  return {
    results: { ...results, rows: results.rows.map((row) => ({ ...row, seconds: 0 })) },
    weights: runs.map((run) => digest('runs', run, BEST_FILE)),
    embeddings: digest('embeddings', 'embeddings_pt_ste2.npz'),
    files: files(folder),
  };
}

const whole = planned();
test.before(() => {
  const { status, stderr } = tripletlab(['reproduce', 'plan.yaml'], { cwd: whole });
  if (status !== 0) throw new Error(stderr);
});
test.after.always(() => {
  rmSync(whole, { recursive: true });
});

const killed = planned();
/** Runs that a kill found between two checkpoints. */
const broken = new Set<string>();
test.after.always(() => {
  rmSync(killed, { recursive: true });
});

for (const [name, isNow] of moments)
  test.serial(`killed with SIGKILL: ${name}`, async (t) => {
    t.is(await killedAt(killed, isNow), null);
    for (const run of [teachers, student, direct])
      if (statusOf(killed, run) === 'running' && isThere(killed, 'runs', run, LAST_FILE)) broken.add(run);
  });

test.serial('a plan killed with SIGKILL in every stage ends with the numbers of one that never was', (t) => {
  t.is(tripletlab(['reproduce', 'plan.yaml'], { cwd: killed }).status, 0);
  t.deepEqual(outcome(killed), outcome(whole));
  t.true(broken.size > 0);
  for (const run of broken) t.regex(said.join('\n'), new RegExp(`^${run} goes on after epoch`, 'm'), run);
});

test.serial('and so does one that is killed at random moments', async (t) => {
  const folder = planned();
  const stream = new Stream(Date.now(), 'moments'); // other moments each time
  for (let kills = 0; kills < 4; kills++) {
    let from: number | undefined;
    const delay = 3000 * stream.uniform();
    // from its first line on, which comes after all modules are loaded
    const code = await killedAt(folder, ({ stderr }) => {
      if (stderr !== '') from ??= performance.now();
      return from !== undefined && performance.now() - from > delay;
    });
    if (code !== null) break;
  }
  t.is(tripletlab(['reproduce', 'plan.yaml'], { cwd: folder }).status, 0);
  t.deepEqual(outcome(folder), outcome(whole));
  rmSync(folder, { recursive: true });
});
