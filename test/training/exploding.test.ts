import { readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import test from 'ava';
import type { Learner } from '../../src/training/learner.js';
import { trainEpochs, type LoopOptions, type ModelProgress } from '../../src/training/loop.js';
import { batchwise } from '../../src/training/validation-metric.js';
import { temporaryFolder, tripletlab } from '../command-line.js';

interface Numbers {
  readonly training?: number;
  readonly loss?: number;
  readonly metric?: number;
  readonly parameter?: number;
}

/** Two models that do what is written: the first by epoch, the second always well. */
async function trainScripted(
  epochs: readonly Numbers[],
): Promise<{ end: string; models: ModelProgress[]; ended: number }> {
  let epoch = 0;
  const now = (): Required<Numbers> => ({ training: 1, loss: 1, metric: 0.5, parameter: 0, ...epochs[epoch] });
  const parameters = (model: number) => ({
    'layer.weight': {
      dtype: 'float32' as const,
      shape: [2],
      data: Float32Array.of(0, model === 0 ? now().parameter : 0),
    },
  });
  const learner: Learner<number> = {
    models: 2,
    learningRate: 0,
    train: () => Promise.resolve(Float64Array.of(now().training, 1)),
    validate: () =>
      Promise.resolve({ loss: Float64Array.of(now().loss, 1), metric: Float64Array.of(now().metric, 0.5) }),
    parameters,
    state: parameters,
    restore: () => undefined,
    dispose: () => Promise.resolve(),
  };
  const random = { state: () => Uint32Array.of(0), restore: () => undefined };
  const models = ['run-1', 'run-2'].map((name): ModelProgress => ({
    name,
    position: { epoch: 0, batch: 0, lossSum: 0, seconds: 0, epochs: [], best: null, random: random.state() },
  }));
  let ended = 0;
  const options: LoopOptions<number> = {
    epochs: epochs.length,
    metric: { name: 'FCT', mode: 'max' },
    sampler: { trainingBatches: 2, trainingEpoch: () => [0, 1], random },
    describeBatch: (batch) => `batch ${batch}`,
    onPause: () => undefined,
    onEpoch: () => {
      epoch++;
      ended++;
    },
  };
  return { end: await trainEpochs(learner, models, options), models, ended };
}

for (const [what, numbers, said] of [
  [
    'a validation loss',
    { loss: NaN },
    /^validation loss is NaN in run-1 after epoch 2; lower optimization\.initial_learning_rate/,
  ],
  ['a validation loss', { loss: -Infinity }, /^validation loss is -Infinity in run-1 after epoch 2; lower/],
  ['a metric', { metric: NaN }, /^validation FCT is NaN in run-1 after epoch 2; lower/],
  ['a metric', { metric: Infinity }, /^validation FCT is Infinity in run-1 after epoch 2; lower/],
  [
    'a parameter',
    { parameter: NaN },
    /^parameter layer\.weight has a NaN or a number above 1e\+18 in run-1 after epoch 2; lower/,
  ],
  [
    'a training loss',
    { training: Infinity },
    /^training loss is Infinity in run-1 at epoch 2, step 3, batch 1 of 2 \(batch 0\); lower/,
  ],
] as const)
  test(`${what} that is ${Object.values(numbers)[0]} ends the run as failed; what came before stands, and others go on`, async (t) => {
    const { end, models, ended } = await trainScripted([{}, numbers, {}]);
    const [broken, sound] = models;
    t.is(end, 'finished');
    t.is(ended, 3);
    t.regex(broken.failure!, said);
    t.is(broken.position.epochs.length, 1);
    t.deepEqual(broken.position.best, { epoch: 1, metric: 'FCT', value: 0.5 });
    t.is(sound.failure, undefined);
    t.is(sound.position.epochs.length, 3);
  });

test('a model that is broken from its first epoch on has no best one', async (t) => {
  const { models } = await trainScripted([{ metric: NaN }, {}]);
  t.is(models[0].position.best, null);
  t.is(models[0].best, undefined);
});

test('batches in which nothing counts are no part of the mean', (t) => {
  const measure = batchwise((_, __, items) => items[0] / (items[0] === 0 ? 0 : 10), false).begin(1);
  for (const item of [4, 0, 2]) measure.add(new Float32Array(1), Int32Array.of(item));
  t.true(Math.abs(measure.value() - 0.3) < 1e-12);
});

for (const [configuration, overrides] of [
  ['synthetic_d_ste', ['dataset.num_items=24', 'dataset.batch_size=30', 'optimization.num_batches_per_epoch=3']],
  ['synthetic_p_ste', ['dataset.num_items=24', 'dataset.batch_size=30']],
] as const)
  test(`a learning rate that explodes fails a run of ${configuration}, in one line and in its record`, (t) => {
    const cwd = temporaryFolder();
    t.teardown(() => {
      rmSync(cwd, { recursive: true, force: true });
    });
    const rate = ['optimization.initial_learning_rate=1e30', 'optimization.num_training_epochs=3', 'num_repetitions=1'];
    const file = `configurations/synthetic/${configuration}.yaml`;
    const { status, stderr } = tripletlab(['train', file, ...overrides, ...rate, 'run.id=7'], { cwd });
    t.is(status, 1, stderr);
    const last = stderr.trimEnd().split('\n').at(-1)!;
    t.regex(
      last,
      /(is (NaN|-?Infinity)|has a NaN or a number above 1e\+18) in run-0007 .*epoch 1.*; lower optimization\.initial_learning_rate/,
    );
    const text = readFileSync(join(cwd, 'modeling/runs/run-0007/run.json'), 'utf8');
    const record = JSON.parse(text) as { status: string; reason: string; epochs: unknown[]; best: unknown };
    t.is(record.status, 'failed');
    t.true(last.endsWith(record.reason));
    t.deepEqual([record.epochs, record.best], [[], null]);
  });
