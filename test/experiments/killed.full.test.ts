import type { ChildProcess } from 'node:child_process';
import { createHash } from 'node:crypto';
import { once } from 'node:events';
import { existsSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { basename, join, resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import test, { type ExecutionContext } from 'ava';
import { dump } from 'js-yaml';
import type { Results } from '../../src/experiments/index.js';
import { RandomStream } from '../../src/random/stream.js';
import { BEST_FILE, LAST_FILE } from '../../src/training/runs/checkpoint.js';
import type { RunRecord } from '../../src/training/index.js';
import { startTripletlab, temporaryFolder, tripletlab } from '../command-line.js';

const data = ['dataset.num_items=40', 'dataset.num_triplets=900'];
const network = [...data, 'preprocessing.image_size=32', 'model.embedding_size=8'];
const [teachers, student, direct] = [1001, 1021, 1031].map((id) => `run-${id}`);

/** The whole route, in seconds. */
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
      overrides: [...network, 'dataset.batch_size=8', 'optimization.num_training_epochs=8'],
    },
  ],
  direct: [
    {
      configuration: 'configurations/synthetic/synthetic_d_ste.yaml',
      overrides: [
        ...network,
        'dataset.batch_size=60',
        'optimization.num_training_epochs=2',
        'optimization.num_batches_per_epoch=6',
      ],
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

/** When a process is killed (see kill-at.mjs), in the order in which the moments come. */
const moments: readonly (readonly [name: string, moment: string])[] = [
  ['as the teachers begin', `after ${teachers}/run.json`],
  ["in the teachers' first checkpoint", `before ${teachers}/${LAST_FILE}`],
  ["between two teachers' checkpoints", `after ${teachers}/${LAST_FILE}`],
  ['as the teachers end', 'before results.json'],
  ['before embeddings are saved', 'says ^embeddings'],
  ['as embeddings are written', 'before embeddings_pt_ste2.npz'],
  ['before it is written what the embeddings are of', 'after embeddings_pt_ste2.npz'],
  ['before the student', 'says ^student'],
  ['as the student begins', `after ${student}/run.json`],
  ['in the middle of the student, between its checkpoints', `after ${student}/${BEST_FILE}`],
  ['in the middle of the student', `after ${student}/${LAST_FILE}`],
  ['in the evaluation of the student as it started', `before ${student}-start.json`],
  ['in the evaluation of the student', `before ${student}-best.json`],
  ['before the results of the student', `after ${student}-best.json`],
  ['before the direct route', 'says ^direct'],
  ['as the direct route begins', `after ${direct}/run.json`],
  ['in the middle of the direct route', `after ${direct}/${LAST_FILE}`],
  ['after the evaluation of the direct route as it started', `after ${direct}-start.json`],
  ['before the last results', `after ${direct}-best.json`],
];

const hook = pathToFileURL(resolve('test/experiments/kill-at.mjs')).href;

interface End {
  readonly code: number | null;
  readonly stderr: string;
}

/** Starts the plan and waits for its end; `onLine` is called when it says something. */
async function started(folder: string, env: NodeJS.ProcessEnv, onLine?: (child: ChildProcess) => void): Promise<End> {
  const child = startTripletlab(['reproduce', 'plan.yaml'], { cwd: folder, env });
  let stderr = '';
  child.stderr!.on('data', (chunk: Buffer) => {
    stderr += chunk.toString();
    onLine?.(child);
  });
  const [code] = (await once(child, 'close')) as [number | null];
  return { code, stderr };
}

const killedAt = (folder: string, moment: string): Promise<End> =>
  started(folder, { NODE_OPTIONS: `--import=${hook}`, KILL_AT: moment });

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

function finish(t: ExecutionContext, folder: string): void {
  const { status, stderr } = tripletlab(['reproduce', 'plan.yaml'], { cwd: folder });
  t.is(status, 0, stderr);
}

const whole = planned();
test.before(() => {
  const { status, stderr } = tripletlab(['reproduce', 'plan.yaml'], { cwd: whole });
  if (status !== 0) throw new Error(stderr);
});
test.after.always(() => {
  for (const folder of [whole, killed]) rmSync(folder, { recursive: true });
});

const killed = planned();
/** Runs that a kill found between two checkpoints. */
const broken = new Set<string>();
let said = '';
for (const [name, moment] of moments)
  test.serial(`killed with SIGKILL ${name}`, async (t) => {
    const { code, stderr } = await killedAt(killed, moment);
    t.is(code, null, stderr);
    said += `${stderr}\n`;
    for (const run of [teachers, student, direct])
      if (statusOf(killed, run) === 'running' && isThere(killed, 'runs', run, LAST_FILE)) broken.add(run);
  });

test.serial('a plan killed with SIGKILL in every stage ends with the numbers of one that never was', (t) => {
  finish(t, killed);
  t.deepEqual(outcome(killed), outcome(whole));
  t.deepEqual([...broken], [teachers, student, direct]);
  for (const run of broken) t.regex(said, new RegExp(`^${run} goes on after epoch`, 'm'), run);
});

test.serial('and so does one that is killed at random moments', async (t) => {
  const folder = planned();
  const stream = new RandomStream(Date.now(), 'moments'); // other moments each time
  for (let kills = 0; kills < 4; kills++) {
    let timer: NodeJS.Timeout | undefined;
    const delay = 3000 * stream.uniform();
    // from its first line on, which comes after all modules are loaded
    const { code } = await started(folder, {}, (child) => {
      timer ??= setTimeout(() => child.kill('SIGKILL'), delay);
    });
    clearTimeout(timer);
    if (code !== null) break;
  }
  finish(t, folder);
  t.deepEqual(outcome(folder), outcome(whole));
  rmSync(folder, { recursive: true });
});
