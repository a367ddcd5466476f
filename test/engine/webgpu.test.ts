import * as tf from '../../src/tf.js';
import test from 'ava';
import { spawnSync } from 'node:child_process';
import { chooseEngine } from '../../src/engine/index.js';
import type { WebgpuBackend } from '../../src/engine/webgpu/backend.js';
import { UsageError } from '../../src/errors.js';
import { optimizers } from '../../src/optimizers/index.js';
import { adapter, fastEngines } from './tested-engines.js';

// an adapter, SwiftShader's from Chromium too, and the packages: else there is nothing to test
const wherePresent = adapter !== undefined ? test.serial : test.serial.skip;
const whereSoftware = fastEngines.includes('webgpu') ? test.serial.skip : wherePresent;

const start = () => chooseEngine({ useGpu: false, engine: 'webgpu' });
const backend = () => tf.backend() as WebgpuBackend;

test.beforeEach(() => {
  delete process.env['TRIPLETLAB_ENGINE'];
});

/** The products of a matrix with its transpose, too large for TensorFlow.js to compute them off the GPU. */
const matrix = (): tf.Tensor2D =>
  tf.tensor2d(
    Float32Array.from({ length: 1600 }, (_, i) => (i % 7) - 3),
    [40, 40],
  );

/** The trace of the product. */
const trace = 1600 * 4 - 2; // 228 rounds of 9 + 4 + 1 + 0 + 1 + 4 + 9 = 28, and 9 + 4 + 1 + 0

wherePresent('numbers are read at once and later, and are the same', async (t) => {
  await start();
  const square = tf.tidy(() => tf.matMul(matrix(), matrix(), false, true));
  const again = tf.tidy(() => tf.matMul(matrix(), matrix(), false, true));
  const [now, later] = [square.dataSync(), await again.data()];
  t.deepEqual(now, later);
  let sum = 0;
  for (let i = 0; i < 40; i++) sum += now[41 * i];
  t.is(sum, trace);
  t.deepEqual([...tf.tidy(() => tf.greater(square, 0).dataSync())].length, 1600);
  tf.dispose([square, again]);
});

wherePresent('a read in the middle of one that is under way waits for both', async (t) => {
  await start();
  const [a, b] = tf.tidy(() => [tf.matMul(matrix(), matrix()), tf.add(matrix(), 1)]);
  const reading = a.data();
  t.is(b.dataSync()[0], -2);
  t.is((await reading).length, 1600);
  tf.dispose([a, b]);
});

wherePresent('numbers after an error are not to be had until the engine is started anew', async (t) => {
  await start();
  const x = matrix();
  const { device } = backend() as unknown as { device: { createBuffer(descriptor: object): unknown } };
  device.createBuffer({ size: 4e12, usage: 128 });
  const expected = {
    instanceOf: UsageError,
    message: /^out of memory on .*; lower dataset.batch_size or optimization/,
  };
  t.throws(() => tf.tidy(() => tf.add(x, 1).dataSync()), expected);
  await t.throwsAsync(async () => tf.add(x, 1).data(), expected);
  await start();
  t.is(tf.tidy(() => tf.add(x, 1).dataSync())[0], -2);
  x.dispose();
});

wherePresent('a tensor larger than a buffer can be is refused at once, and the rest computes on', async (t) => {
  await start();
  const side = Math.ceil(Math.sqrt(backend().device.limits['maxStorageBufferBindingSize'] / 4)) + 1;
  const tensors = tf.memory().numTensors;
  t.throws(() => tf.tidy(() => tf.fill([side, side], 1)), {
    instanceOf: UsageError,
    message: /^out of memory on .*: a tensor of \d+ MiB exceeds the max buffer size, \d+ MiB; lower dataset.batch_size/,
  });
  t.is(tf.memory().numTensors, tensors);
  t.is(tf.tidy(() => tf.add(matrix(), 1).dataSync())[0], -2);
});

wherePresent('a lost GPU is an error, and the engine starts on a new one', async (t) => {
  await start();
  backend().device.destroy();
  t.throws(() => tf.tidy(() => tf.add(matrix(), 1).dataSync()));
  await new Promise(setImmediate);
  t.throws(() => tf.tidy(() => tf.add(matrix(), 1).dataSync()), { message: /^the GPU was lost: .*; start again$/ });
  await start();
  t.is(tf.tidy(() => tf.add(matrix(), 1).dataSync())[0], -2);
});

wherePresent('corners in which the stock kernels differ are as in plain JavaScript', async (t) => {
  const ids = () => tf.tensor1d([-1, 0, 5], 'int32');
  const corners: Record<string, () => tf.Tensor> = {
    'ids out of range count nowhere': () => tf.unsortedSegmentSum(tf.ones([3, 2]), ids(), 2),
    'the sum of nothing': () => tf.sum(tf.zeros([0, 3]), 0, true),
    'products over nothing': () => tf.matMul(tf.zeros([2, 0]), tf.zeros([4, 0]), false, true),
    'one index of a vector': () => tf.argMax(tf.ones([40])),
    'not a number stays so': () => tf.relu(tf.tensor1d([NaN, -1, 2, Infinity])),
  };
  for (const [label, compute] of Object.entries(corners)) {
    const on = async (engine: string) => {
      await chooseEngine({ useGpu: false, engine });
      return tf.tidy(() => {
        const result = compute();
        return [result.shape, result.dtype, [...result.dataSync()]];
      });
    };
    t.deepEqual(await on('webgpu'), await on('javascript'), label);
  }
});

wherePresent('300 training steps at constant memory, tensors and buffers', async (t) => {
  await start();
  const weights = ['first', 'second'].map((name) => ({
    name,
    variable: tf.tidy(() => tf.variable(tf.mul(matrix(), 0.1))) as tf.Variable,
    weightDecay: 1e-4,
  }));
  const optimizer = optimizers.adam(weights, { learningRate: 1e-3 });
  const step = (): number =>
    tf.tidy(() => {
      const [first, second] = weights.map(({ variable }) => variable as tf.Tensor2D);
      const { value, grads } = tf.variableGrads(
        () => tf.mean(tf.square(tf.matMul(tf.relu(tf.matMul(matrix(), first)), second))) as tf.Scalar,
      );
      optimizer.step(weights.map(({ variable }) => grads[variable.name]));
      return value.dataSync()[0];
    });
  const held = (): number[] => {
    const { numUsedBuffers, numFreeBuffers, numBytesAllocated } = backend().bufferManager;
    return [tf.memory().numTensors, backend().numDataIds(), numUsedBuffers, numFreeBuffers, numBytesAllocated];
  };
  const losses = Array.from({ length: 20 }, step);
  const before = held();
  for (let i = 0; i < 280; i++) losses.push(step());
  t.deepEqual(held(), before);
  t.true(losses[299] < losses[0] / 2, `${losses[0]} to ${losses[299]}`);
  optimizer.dispose();
  for (const { variable } of weights) variable.dispose();
});

whereSoftware('auto passes SwiftShader over and says so', async (t) => {
  const { name, skipped } = await chooseEngine({ useGpu: true });
  t.not(name, 'webgpu');
  t.regex(
    skipped.find((one) => one.name === 'webgpu')?.reason ?? '',
    /computes on the processor; set engine=webgpu to use it/,
  );
});

wherePresent('the engine prints nothing, and the process ends by itself', (t) => {
  const { stdout, stderr, status } = spawnSync(
    process.execPath,
    [
      ...['--input-type=module', '-e'],
      `const { chooseEngine } = await import('./dist/engine/index.js');
      const tf = await import('./dist/tf.js');
      await chooseEngine({ useGpu: true, engine: 'webgpu' });
      const x = tf.ones([50, 50]);
      if (tf.matMul(x, x).dataSync()[0] !== 50 || (await tf.add(x, x).data())[0] !== 2) throw new Error('wrong');
      tf.matMul(x, x); // under way as the process ends`,
    ],
    { encoding: 'utf8', timeout: 120_000 },
  );
  t.deepEqual([stdout, stderr, status], ['', '', 0]);
});
