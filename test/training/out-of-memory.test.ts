import * as tf from '../../src/tf.js';
import test from 'ava';
import { rmSync } from 'node:fs';
import { loadTrainingConfiguration } from '../../src/configuration/index.js';
import { asOutOfMemory, chooseEngine, OutOfMemory } from '../../src/engine/index.js';
import { availableMemory } from '../../src/engine/machine.js';
import { loadAddon } from '../../src/engine/torch/addon.js';
import { MicroBatchLimit } from '../../src/training/images/micro-batch-limit.js';
import { train } from '../../src/training/index.js';
import { temporaryFolder } from '../command-line.js';
import { testedEngines } from '../engine/tested-engines.js';

const configured = (overrides: readonly string[] = []) =>
  loadTrainingConfiguration('configurations/synthetic/synthetic_d_ste.yaml', [
    'engine=torch-cpu',
    'model.name=SmallViT',
    'dataset.num_items=40',
    'dataset.batch_size=48',
    'optimization.num_training_epochs=2',
    'optimization.num_batches_per_epoch=2',
    ...overrides,
  ]);

/** Work for which there is memory for so many pictures only. */
function memoryFor(pictures: number) {
  const tried: number[] = [];
  const work = (most: number) => {
    tried.push(most);
    if (most > pictures) return Promise.reject(new OutOfMemory('cuda:0', '9 MiB more'));
    return Promise.resolve({ most });
  };
  return { tried, work };
}

test("a full GPU is told in the words of libtorch and of NVIDIA's libraries", (t) => {
  for (const message of [
    'full: CUDA out of memory. Tried to allocate 256.00 MiB. GPU 0 has a total capacity of 139.81 GiB',
    'add: CUDA error: out of memory\nCUDA kernel errors might be asynchronously reported',
    'matmul: CUDA error: CUBLAS_STATUS_ALLOC_FAILED when calling `cublasCreate(handle)`',
    'matmul: CUDA error: CUBLAS_STATUS_NOT_INITIALIZED when calling `cublasCreate(handle)`',
    'conv2d: cuDNN error: CUDNN_STATUS_ALLOC_FAILED',
    'conv2d: GET was unable to find an engine to execute this computation',
  ])
    t.is(asOutOfMemory(new Error(message), 'cuda:0')?.reason, message.split('\n')[0]);
  for (const message of [
    'matmul: CUDA error: an illegal memory access was encountered',
    'conv2d: CUDNN_STATUS_BAD_PARAM',
  ])
    t.is(asOutOfMemory(new Error(message), 'cuda:0'), undefined);
});

test('pieces are halved until they fit, and stay so', async (t) => {
  const limit = new MicroBatchLimit(configured(), { usesBatchStatistics: false }, 48);
  const { tried, work } = memoryFor(10);
  t.deepEqual(await limit.within(work), { most: 6 });
  t.deepEqual(await limit.within(work), { most: 6 });
  t.deepEqual(tried, [48, 24, 12, 6, 6]);
  t.regex(limit.notes()[0], /6 pictures at a time, since more did not fit in memory/);
  await t.throwsAsync(
    limit.within(() => Promise.reject(new Error('something else'))),
    { message: 'something else' },
  );
});

test('where the number may not be lowered the error names the batch, the reason and the number that fits', async (t) => {
  const given = new MicroBatchLimit(
    configured(['optimization.micro_batch_size=32']),
    { usesBatchStatistics: false },
    32,
  );
  const message =
    'out of memory on cuda:0 with 32 pictures at once of dataset.batch_size 48: 9 MiB more; optimization.micro_batch_size=8 fits, ' +
    'run the same command with it: it goes on from the last checkpoint';
  await t.throwsAsync(given.within(memoryFor(8).work), { message });
  const one = await t.throwsAsync(given.within(memoryFor(0).work));
  t.regex(one.message, /not even one picture fits/);
  const coupled = new MicroBatchLimit(configured(), { usesBatchStatistics: true }, 48);
  const error = await t.throwsAsync(coupled.within(memoryFor(8).work));
  t.regex(error.message, /lower dataset.batch_size to 24, or set model.frozen_variables=bn/);
});

const whereBuilt = testedEngines.includes('torch-cpu') ? test.serial : test.serial.skip;

whereBuilt(
  'a training that runs out of memory goes on with smaller pieces, and is the same (needs npm run build:torch)',
  async (t) => {
    await chooseEngine({ useGpu: false, engine: 'torch-cpu' });
    const addon = loadAddon();
    const losses = async (
      overrides: readonly string[] = [],
      limited = false,
    ): Promise<[number[], readonly string[]]> => {
      const base = temporaryFolder();
      const log: string[] = [];
      try {
        const [record] = await train(configured(overrides), {
          base,
          log: (line) => log.push(line),
          // the engine is started by then
          onUpdate: () => {
            if (limited) addon.limitMemory(addon.memory()[0] + 12 * 2 ** 20);
          },
        });
        return [record.epochs.map(({ training_loss }) => training_loss), record.notes];
      } finally {
        addon.limitMemory(availableMemory());
        rmSync(base, { recursive: true });
      }
    };
    const [whole] = await losses();
    const before = tf.memory().numTensors;
    const [pieces, notes] = await losses([], true);
    t.true(
      notes.some((note) => /pictures at a time, since more did not fit in memory/.test(note)),
      notes.join('; '),
    );
    t.is(tf.memory().numTensors, before);
    pieces.forEach((loss, i) => {
      t.true(Math.abs(loss - whole[i]) < 2e-3 * Math.abs(whole[i]), `${loss}, not ${whole[i]}`);
    });
  },
);

whereBuilt(
  'with a size of pieces given it ends with the size that fits, and goes on with it (needs npm run build:torch)',
  async (t) => {
    await chooseEngine({ useGpu: false, engine: 'torch-cpu' });
    const addon = loadAddon();
    const base = temporaryFolder();
    const limit = (): void => {
      addon.limitMemory(addon.memory()[0] + 12 * 2 ** 20);
    };
    const error = await t.throwsAsync(
      train(configured(['optimization.micro_batch_size=48']), { base, onUpdate: limit }),
    );
    const fitting = /micro_batch_size=(\d+) fits/.exec(error.message)?.[1];
    t.true(Number(fitting) >= 1 && Number(fitting) < 48, error.message);
    const [record] = await train(configured([`optimization.micro_batch_size=${fitting}`]), { base, onUpdate: limit });
    addon.limitMemory(availableMemory());
    t.is(record.status, 'finished');
    rmSync(base, { recursive: true });
  },
);
