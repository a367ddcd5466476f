import { readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import test, { type ExecutionContext } from 'ava';
import { dump } from 'js-yaml';
import { loadTable } from '../../src/experiments/index.js';
import { attemptsOf } from '../../src/experiments/jobs/attempts.js';
import type { RunRecord } from '../../src/training/index.js';
import { temporaryFolder, tripletlabBeside } from '../command-line.js';

/** How often so many processes are started at once; $TRIPLETLAB_TEST_BURSTS asks for more. */
const BURSTS = Number(process.env['TRIPLETLAB_TEST_BURSTS'] ?? 3);
const PROCESSES = 6;

const hook = pathToFileURL(resolve('test/experiments/note-writers.mjs')).href;
const ended: RegExp[] = [/finished already/, /finished, best/, /is being trained by process \d+/];

/** Starts one command in several processes at once; which processes wrote each run's record. */
async function burst(folder: string, args: readonly string[]) {
  const file = join(folder, 'writers.txt');
  writeFileSync(file, '');
  const env = { NODE_OPTIONS: `--import=${hook}`, NOTE_WRITERS: file, TRIPLETLAB_ENGINE: 'wasm' };
  const outcomes = await Promise.all(Array.from({ length: PROCESSES }, () => tripletlabBeside(args, { env })));
  const writers = new Map<string, Set<string>>();
  for (const line of readFileSync(file, 'utf8').split('\n').filter(Boolean)) {
    const [pid, ...path] = line.split(' ');
    const run = path.join(' ');
    writers.set(run, (writers.get(run) ?? new Set()).add(pid));
  }
  return { outcomes, writers };
}

/** Every run was trained to its end, by one process, in one go. */
function trainedOnce(t: ExecutionContext, writers: ReadonlyMap<string, ReadonlySet<string>>, runs: number): void {
  t.is(writers.size, runs);
  for (const [file, processes] of writers) {
    const { status, notes } = JSON.parse(readFileSync(file, 'utf8')) as RunRecord;
    t.deepEqual([status, processes.size], ['finished', 1], file);
    t.notRegex(notes.join(), /resumed/);
  }
}

test.serial('of six processes that are given one run at once, one trains it', async (t) => {
  t.timeout(600_000 * BURSTS);
  for (let i = 0; i < BURSTS; i++) {
    const folder = temporaryFolder();
    const { outcomes, writers } = await burst(folder, [
      'train',
      'configurations/synthetic/synthetic_p_ste.yaml',
      'num_repetitions=2',
      'dataset.num_items=40',
      'dataset.num_triplets=900',
      'dataset.batch_size=30',
      `optimization.num_training_epochs=${20 * (i % 3) + 1}`,
      `run.output_directory_name=${folder}`,
    ]);
    trainedOnce(t, writers, 2);
    const said = outcomes.map(({ stdout, stderr }) => `${stdout}${stderr}`);
    for (const text of said)
      t.true(
        ended.some((way) => way.test(text)),
        text,
      );
    t.is(said.filter((text) => /finished, best/.test(text) && !/finished already/.test(text)).length, 1);
    rmSync(folder, { recursive: true });
  }
});

test.serial(
  'of six processes that are given one plan at once, each run is trained by one; all end alike',
  async (t) => {
    t.timeout(600_000 * BURSTS);
    const data = ['dataset.num_items=30', 'dataset.num_triplets=900'];
    const network = [
      ...data,
      'preprocessing.image_size=16',
      'model.embedding_size=8',
      'optimization.num_training_epochs=1',
    ];
    for (let i = 0; i < BURSTS; i++) {
      const folder = temporaryFolder();
      const file = join(folder, 'plan.yaml');
      writeFileSync(
        file,
        dump({
          name: 'small',
          output_directory_name: join(folder, 'small'),
          teachers: {
            configuration: 'configurations/synthetic/synthetic_p_ste.yaml',
            overrides: [...data, 'dataset.batch_size=60', 'num_repetitions=2', 'optimization.num_training_epochs=2'],
          },
          source_embeddings_id: 'two',
          students: [
            { configuration: 'configurations/synthetic/synthetic_se_rkd.yaml', overrides: [...network, 'dataset.batch_size=8', 'num_repetitions=2'] }, // prettier-ignore
          ],
          evaluation: {
            configuration: 'configurations/synthetic/synthetic_img_e.yaml',
            overrides: [...data, 'preprocessing.image_size=16'],
          },
        }),
      );
      const { outcomes, writers } = await burst(folder, ['reproduce', file]);
      trainedOnce(t, writers, 4);
      for (const { status, stderr } of outcomes) t.is(status, 0, stderr);
      t.is(new Set(outcomes.map(({ stdout }) => stdout)).size, 1);
      rmSync(folder, { recursive: true });
    }
  },
);

test.serial('of six processes that are given one table at once, each job is done by one', async (t) => {
  t.timeout(600_000 * BURSTS);
  for (let i = 0; i < BURSTS; i++) {
    const folder = temporaryFolder();
    const args = ['experiments', 'run', 'table-class-datasets', '--profile=smoke', `--out=${folder}`];
    const { outcomes, writers } = await burst(folder, args);
    trainedOnce(t, writers, 6);
    for (const { status, stderr } of outcomes) t.is(status, 0, stderr);
    const { jobs } = loadTable('table-class-datasets', { profile: 'smoke', folder });
    for (const { key, label } of jobs) t.deepEqual(attemptsOf(key, folder).map(({ end }) => end), ['done'], label); // prettier-ignore
    rmSync(folder, { recursive: true });
  }
});
