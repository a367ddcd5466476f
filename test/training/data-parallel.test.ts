import { execFileSync } from 'node:child_process';
import { readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import test from 'ava';
import { loadTrainingConfiguration } from '../../src/configuration/index.js';
import { train, TrainingInterrupted, type RunRecord } from '../../src/training/index.js';
import { temporaryFolder } from '../command-line.js';
import { fastEngines } from '../engine/tested-engines.js';

const configured = (overrides: readonly string[] = []) =>
  loadTrainingConfiguration('configurations/synthetic/synthetic_d_ste.yaml', [
    'model.name=SmallViT',
    'dataset.num_items=24',
    'dataset.batch_size=24',
    'optimization.micro_batch_size=6',
    'optimization.num_training_epochs=2',
    'optimization.num_batches_per_epoch=2',
    ...overrides,
  ]);

const curve = ({ epochs }: RunRecord): number[] =>
  epochs.flatMap(({ training_loss, validation_loss }) => [training_loss, validation_loss]);

/** The processes that share the batches of this one. */
const children = (): number[] =>
  execFileSync('ps', ['-o', 'pid=,args=', '--ppid', String(process.pid)], { encoding: 'utf8' })
    .split('\n')
    .filter((line) => line.includes('replica'))
    .map((line) => Number.parseInt(line, 10));

for (const engine of fastEngines)
  test.serial(`processes that share the batches give the same curve to rounding on ${engine}`, async (t) => {
    const curves: number[][] = [];
    for (const processes of engine === 'wasm' ? [1, 3] : [1, 2]) {
      const base = temporaryFolder();
      const overrides = [`engine=${engine}`, `num_processes=${processes}`];
      const [record] = await train(configured(overrides), { base });
      t.is(
        record.notes.some((note) => note.includes('shared by')),
        processes > 1,
      );
      curves.push(curve(record));
      rmSync(base, { recursive: true });
    }
    for (const found of curves.slice(1))
      found.forEach((value, i) => {
        const expected = curves[0][i];
        t.true(Math.abs(value - expected) < 1e-4 * Math.abs(expected), `${value}, not ${expected}`);
      });
    t.deepEqual(children(), [], 'all have ended');
  });

test.serial('a process that is killed ends the run with one line, and the run goes on', async (t) => {
  const base = temporaryFolder();
  const overrides = ['engine=wasm', 'num_processes=2', 'optimization.num_training_epochs=3'];
  let killed = false;
  const error = await t.throwsAsync(
    train(configured(overrides), {
      base,
      onUpdate: ({ epochEnded }) => {
        if (!epochEnded || killed) return;
        process.kill(children()[0], 'SIGKILL');
        killed = true;
      },
    }),
  );
  t.regex(error.message, /^process 1 of 2 ended \(SIGKILL.*\), maybe because no memory was left; lower num_processes/);
  t.notRegex(error.message, /\n/);
  t.deepEqual(children(), []);
  const [record] = await train(configured(overrides), { base });
  t.is(record.status, 'finished');
  const other = temporaryFolder();
  const [whole] = await train(configured(overrides), { base: other });
  t.deepEqual(curve(record), curve(whole));
  for (const folder of [base, other]) rmSync(folder, { recursive: true });
});

test.serial('an interruption drops what the processes are at, and the run can go on', async (t) => {
  const base = temporaryFolder();
  const controller = new AbortController();
  const overrides = ['engine=wasm', 'num_processes=2'];
  await t.throwsAsync(
    train(configured(overrides), {
      base,
      signal: controller.signal,
      onUpdate: () => {
        controller.abort();
      },
    }),
    { instanceOf: TrainingInterrupted },
  );
  t.deepEqual(children(), []);
  const folder = join(base, 'modeling', 'runs', 'run-1031', 'run.json');
  t.is((JSON.parse(readFileSync(folder, 'utf8')) as RunRecord).status, 'interrupted');
  const [record] = await train(configured(overrides), { base });
  t.is(record.status, 'finished');
  rmSync(base, { recursive: true });
});

test.serial('networks with batch statistics are refused before any work', async (t) => {
  const base = temporaryFolder();
  const overrides = ['model.name=SmallResNet', 'optimization.micro_batch_size=24', 'num_processes=2'];
  await t.throwsAsync(train(configured(overrides), { base }), {
    message: /^invalid num_processes: 2; batch normalisation of SmallResNet needs the whole batch in one process/,
  });
  rmSync(base, { recursive: true });
});
