import * as tf from '../../../src/tf.js';
import test from 'ava';
import { setTimeout } from 'node:timers/promises';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { makeBackbone } from '../../../src/backbones/index.js';
import { convolution } from '../../../src/backbones/layers/convolution.js';
import type { Norm } from '../../../src/backbones/layers/batch-norm.js';
import { attention } from '../../../src/backbones/layers/attention.js';
import { chooseEngine } from '../../../src/engine/index.js';
import { loadAddon } from '../../../src/engine/torch/addon.js';
import { optimizers } from '../../../src/optimizers/index.js';
import { RandomStream } from '../../../src/random/stream.js';
import { difference, numbers, valueAndGradients, type Computation } from '../kernels/compare.js';
import { fastEngines, testedEngines } from '../tested-engines.js';

const present = testedEngines.includes('torch-cpu');
const whereBuilt = present ? test.serial : test.serial.skip;
/**
 * MiB in use in JavaScript's heap, and resident outside of it, without what waits to be collected: the least of some
 * moments, since V8 gives pages back later.
 */
async function memoryMiB(): Promise<{ heap: number; outside: number }> {
  setFlagsFromString('--expose-gc');
  const collect = runInNewContext('gc') as () => void;
  const [heaps, outside]: [number[], number[]] = [[], []];
  for (let moment = 0; moment < 5; moment++) {
    collect();
    await setTimeout(100);
    const { rss, heapTotal, heapUsed } = process.memoryUsage();
    heaps.push(heapUsed / 2 ** 20);
    outside.push((rss - heapTotal) / 2 ** 20);
  }
  return { heap: Math.min(...heaps), outside: Math.min(...outside) };
}

const torch = () => chooseEngine({ useGpu: false, engine: 'torch-cpu' });

whereBuilt(
  'an error of libtorch names the kernel and leaves the engine working (needs npm run build:torch)',
  async (t) => {
    await torch();
    const run = () =>
      tf.engine().runKernel('Einsum', { 0: tf.ones([2, 3]), 1: tf.ones([4, 5]) }, { equation: 'ij,jk->ik' });
    const error = t.throws(() => tf.tidy(run));
    t.regex(error.message, /^einsum: .*\b3\b/);
    t.deepEqual([...tf.tidy(() => tf.add([1, 2], 1).dataSync())], [2, 3]);
  },
);

whereBuilt('no dtype, gather or layout that it lacks passes as another', async (t) => {
  await torch();
  t.throws(() => tf.tensor(['a']), { message: /tensors of type string are not supported/ });
  const x = tf.ones([1, 3, 4, 4]) as tf.Tensor4D;
  t.throws(() => tf.conv2d(x, tf.ones([1, 1, 3, 2]), 1, 'same', 'NCHW'), { message: /unsupported dataFormat: NCHW/ });
  t.throws(() => tf.gather(tf.ones([2, 3]), tf.zeros([2, 1], 'int32') as tf.Tensor2D, 1, 1), {
    message: /unsupported batchDims: 1/,
  });
});

whereBuilt('tensors of other engines move over, and back', async (t) => {
  await chooseEngine({ useGpu: false, engine: 'wasm' });
  const x = tf.tensor1d([1, 2, 3]);
  await torch();
  const y = tf.mul(x, 2);
  const flags = tf.greater(y, 3);
  t.deepEqual([...y.dataSync()], [2, 4, 6]);
  await chooseEngine({ useGpu: false, engine: 'wasm' });
  t.deepEqual([...tf.tidy(() => tf.add(x, y).dataSync())], [3, 6, 9]);
  t.deepEqual([...flags.dataSync()], [0, 1, 1]);
  tf.dispose([x, y, flags]);
});

whereBuilt('a view keeps its numbers when what it was cut from is gone, and is not written over', async (t) => {
  await torch();
  const whole = tf.tensor2d([1, 2, 3, 4, 5, 6], [3, 2]);
  const part = tf.slice(whole, [1, 0], [2, 2]);
  const turned = tf.transpose(part);
  const over = tf.engine().runKernel('RowsAffine', { x: part, offset: tf.tensor1d([10, 20]) }, { over: 1 }) as unknown as tf.Tensor[]; // prettier-ignore
  t.deepEqual([...over[0].dataSync()], [13, 24, 15, 26]);
  whole.dispose();
  t.deepEqual([...part.dataSync()], [3, 4, 5, 6]);
  part.dispose();
  t.deepEqual([...turned.dataSync()], [3, 5, 4, 6]);
  tf.dispose([turned, ...over]);
});

whereBuilt('tensors that share their numbers in several shapes keep each its shape as they move', async (t) => {
  await chooseEngine({ useGpu: false, engine: 'wasm' });
  const x = tf.tensor1d([1, 2, 3, 4, 5, 6]);
  const matrix = tf.reshape(x, [2, 3]);
  await torch();
  t.deepEqual([...tf.tidy(() => tf.sum(matrix, 0).dataSync())], [5, 7, 9]);
  t.deepEqual([...tf.tidy(() => tf.matMul(matrix, tf.ones([3, 1])).dataSync())], [6, 15]);
  t.deepEqual([...tf.tidy(() => tf.sum(x).dataSync())], [21]);
  tf.dispose([x, matrix]);
});

whereBuilt('corners in which TensorFlow.js and libtorch differ are as in TensorFlow.js', async (t) => {
  const corners: Record<string, () => tf.Tensor> = {
    'integers stay integers': () => tf.gather([5, 6, 7], tf.clipByValue(tf.tensor1d([0, 7], 'int32'), 0, 2)),
    'the first of equal values': () => tf.topk(tf.ones([40]), 8).indices,
    'indexes out of range count nowhere': () => tf.unsortedSegmentSum(tf.ones([3, 2]), tf.tensor1d([-1, 0, 5], 'int32'), 2), // prettier-ignore
    'exclusive sums do not cancel': () => tf.cumsum([1, 1e10, 3], 0, true),
    'exclusive products backwards': () => tf.cumprod([2, 3, 4], 0, true, true),
    'ranges downwards': () => tf.range(5, 0),
    'a step of NaN': () => tf.step([NaN, 1, -1]),
    'uneven pooling': () => tf.maxPool(tf.ones([1, 6, 6, 1]) as tf.Tensor4D, [5, 1], 1, 1),
    'pooling of integers': () => tf.maxPool(tf.ones([1, 4, 4, 1], 'int32') as tf.Tensor4D, 2, 2, 'valid'),
    'normalisation without scale and offset': () => tf.batchNorm(tf.ones([1, 2, 2, 3]), tf.zeros([3]) as tf.Tensor1D, tf.ones([3]) as tf.Tensor1D), // prettier-ignore
    'resizing by half centers': () => tf.image.resizeBilinear(tf.reshape(tf.range(0, 18), [1, 3, 3, 2]) as tf.Tensor4D, [5, 4], false, true), // prettier-ignore
    'resizing by corners': () => tf.image.resizeBilinear(tf.reshape(tf.range(0, 18), [1, 3, 3, 2]) as tf.Tensor4D, [5, 4], true), // prettier-ignore
  };
  for (const [label, compute] of Object.entries(corners)) {
    const on = async (engine: string) => {
      await chooseEngine({ useGpu: false, engine });
      return tf.tidy(() => {
        const result = compute();
        return { shape: result.shape, dtype: result.dtype, values: Array.from(result.dataSync()) };
      });
    };
    const [found, expected] = [await on('torch-cpu'), await on('javascript')];
    t.deepEqual([found.shape, found.dtype], [expected.shape, expected.dtype], label);
    found.values.forEach((value, i) => {
      const wanted = expected.values[i];
      t.true(Object.is(value, wanted) || Math.abs(value - wanted) < 1e-5, `${label}: ${value}, not ${wanted}`);
    });
  }
});

test.serial('2,000 training steps at constant memory, on both sides of the addon', async (t) => {
  t.timeout(300_000);
  for (const engine of fastEngines) {
    await chooseEngine({ useGpu: false, engine });
    const network = { name: 'SmallResNet', embedding_size: 16 } as const;
    const backbone = makeBackbone(network, { stream: new RandomStream(0, 'start') });
    const trained = backbone.parameters.filter(({ trainable }) => trainable);
    const parameters = trained.map(({ name, variable }) => ({ name, variable, weightDecay: 1e-4 }));
    const optimizer = optimizers.adam(parameters, { learningRate: 1e-3 });
    const pictures = tf.randomNormal([4, 8, 8, 3], 0, 1, 'float32', 1) as tf.Tensor4D;
    const step = (): number =>
      tf.tidy(() => {
        const { value, grads } = tf.variableGrads(
          () => tf.mean(tf.square(backbone.embed(pictures, true))) as tf.Scalar,
        );
        optimizer.step(trained.map(({ variable }) => grads[variable.name]));
        return value.dataSync()[0];
      });
    const held = (): number[] => [
      tf.memory().numTensors,
      tf.backend().numDataIds(),
      engine === 'torch-cpu' ? loadAddon().memory()[0] : 0,
    ];
    for (let i = 0; i < 400; i++) step();
    const [before, memory] = [held(), await memoryMiB()];
    for (let i = 0; i < 1600; i++) t.true(Number.isFinite(step()));
    t.deepEqual(held(), before, engine);
    const now = await memoryMiB();
    const [heap, outside] = [now.heap - memory.heap, now.outside - memory.outside];
    t.true(heap < 20, `${engine}: ${heap.toFixed(0)} MiB more in JavaScript's heap after 1,600 steps`);
    t.true(outside < 40, `${engine}: ${outside.toFixed(0)} MiB more outside of it after 1,600 steps`);
    optimizer.dispose();
    backbone.dispose();
    pictures.dispose();
  }
});

/** A number's nearest of 8 bits of fraction, the hidden one counted; ties to even. */
function bfloat16(x: number): number {
  const [bits] = new Uint32Array(Float32Array.of(x).buffer);
  const rounded = (bits + 0x7fff + ((bits >>> 16) & 1)) & 0xffff0000;
  return new Float32Array(Uint32Array.of(rounded).buffer)[0];
}

whereBuilt('with bfloat16 the factors of products and convolutions are rounded, and nothing else', async (t) => {
  const lower = await chooseEngine({ useGpu: false, engine: 'torch-cpu', precision: 'bfloat16' });
  t.is(lower.precision, 'bfloat16');
  const values = new Float32Array(48);
  new RandomStream(1, 'factors').fillNormal(values, 0, 1);
  const a = values.subarray(0, 24);
  const b = values.subarray(24);
  const product = (round: (x: number) => number): number[] =>
    Array.from({ length: 16 }, (_, at) => {
      const [i, j] = [Math.floor(at / 4), at % 4];
      return Array.from({ length: 6 }, (__, k) => round(a[6 * i + k]) * round(b[4 * k + j])).reduce((x, y) => x + y);
    });
  const compute = () =>
    tf.tidy(() => ({
      matrices: Array.from(tf.matMul(tf.tensor2d(a, [4, 6]), tf.tensor2d(b, [6, 4])).dataSync()),
      pictures: Array.from(tf.conv2d(tf.tensor4d(a, [1, 2, 2, 6]), tf.tensor4d(b, [1, 1, 6, 4]), 1, 'same').dataSync()),
      sums: Array.from(tf.add(a, 1e-3).dataSync()),
    }));
  const rounded = compute();
  await chooseEngine({ useGpu: false, engine: 'torch-cpu' });
  const whole = compute();
  t.deepEqual(rounded.sums, whole.sums);
  for (const kind of ['matrices', 'pictures'] as const) {
    // sums and results may be rounded to 8 bits, too
    product(bfloat16).forEach((x, at) => {
      const error = Math.abs(rounded[kind][at] - x);
      t.true(error < 0.03, `${kind} ${at}: ${rounded[kind][at]}, not ${x}`);
    });
    product((x) => x).forEach((x, i) => {
      t.true(Math.abs(whole[kind][i] - x) < 1e-5);
    });
    t.notDeepEqual(rounded[kind], whole[kind]);
  }
});

test.serial('a precision that an engine lacks is refused, not passed over', async (t) => {
  await t.throwsAsync(chooseEngine({ useGpu: false, engine: 'wasm', precision: 'bfloat16' }), {
    message: /^invalid precision: bfloat16; engine wasm computes only in float32/,
  });
  if (!present) return;
  await t.throwsAsync(chooseEngine({ useGpu: false, engine: 'torch-cpu', precision: 'tf32' }), {
    message: /^invalid precision: tf32; only GPUs can compute in it/,
  });
});

whereBuilt('the gradient of resizing is its adjoint: (R x) . y = x . (R* y)', async (t) => {
  await torch();
  const [x, y] = ([[1, 3, 4, 2], [1, 5, 6, 2]] as const).map((shape, i) => tf.randomNormal([...shape], 0, 1, 'float32', i)); // prettier-ignore
  const dot = (a: tf.Tensor, b: tf.Tensor): number => tf.tidy(() => tf.sum(tf.mul(a, b)).dataSync()[0]);
  for (const corners of [true, false]) {
    const resize = (v: tf.Tensor): tf.Tensor => tf.image.resizeBilinear(v as tf.Tensor4D, [5, 6], corners, !corners);
    const [resized, gradient] = tf.tidy(() => [resize(x), tf.grad(resize)(x, y)]);
    t.deepEqual(gradient.shape, x.shape);
    t.true(Math.abs(dot(resized, y) - dot(x, gradient)) < 1e-5);
    tf.dispose([resized, gradient]);
  }
  tf.dispose([x, y]);
});

whereBuilt('memory kept for later tensors is given back', async (t) => {
  await torch();
  const addon = loadAddon();
  tf.dispose(tf.fill([2 ** 20], 1));
  t.true(addon.memory()[1] >= 2 ** 22);
  (tf.backend() as unknown as { recover(): boolean }).recover();
  t.is(addon.memory()[1], 0);
});

whereBuilt('Adam writes over what it is told to, and over nothing that shares its numbers', async (t) => {
  await torch();
  const { kernels, tensor, values } = loadAddon();
  const of = (...numbers: number[]) =>
    tensor(Float32Array.from(numbers), [2], 'float32', 'cpu')[0] as unknown as number;
  const [w, g, m, v, w2] = [of(1, 2), of(1, 1), of(0, 0), of(0, 0), of(1, 2)];
  const [[copy]] = kernels['alias'](w2 as never) as unknown as [[number]];
  const step = (weight: number, over: boolean) =>
    kernels['adam'](
      [weight] as never,
      [g] as never,
      [m] as never,
      [v] as never,
      [0],
      false,
      0.1,
      0.9,
      0.999,
      1e-8,
      1,
      over,
    );
  step(w, false);
  t.deepEqual([...values(w as never)], [1, 2]);
  step(w2, true);
  t.deepEqual([...values(copy as never)], [1, 2]);
  const [[result]] = step(w, true);
  t.deepEqual([...values(w as never)], [...values(result)]);
  t.notDeepEqual([...values(w as never)], [1, 2]);
});

whereBuilt(
  'a convolution and what follows it in one kernel is the kernels one after the other, in bfloat16 too',
  async (t) => {
    const [kernel, gradient] = ['ConvolutionUnit', 'ConvolutionUnitGradient'].map((name) =>
      tf.getKernel(name, 'torch-cpu'),
    );
    const shapes = [[2, 9, 8, 17], [3, 3, 17, 20], [20], [20], [2, 5, 4, 20]];
    const given = shapes.map((shape, i) => numbers(shape, `operand ${i}`));
    const unit: Computation = (x, w, scale, shift, shortcut) => {
      const [mean, variance] = [0.3, 0.7].map((value) => tf.fill([20], value));
      const norm = { scale, shift, mean, variance, epsilon: 1e-3 } as unknown as Norm;
      const ending = { norm, shortcut: shortcut as tf.Tensor4D, relu: true };
      return convolution(x as tf.Tensor4D, w as tf.Tensor4D, { stride: 2, padding: 1 }, ending);
    };
    for (const [precision, tolerance] of [
      ['float32', 1e-6],
      ['bfloat16', 2e-2],
    ] as const) {
      await chooseEngine({ useGpu: false, engine: 'torch-cpu', precision });
      const together = valueAndGradients(unit, given);
      for (const { kernelName } of [kernel, gradient]) tf.unregisterKernel(kernelName, 'torch-cpu');
      const apart = valueAndGradients(unit, given);
      for (const config of [kernel, gradient]) tf.registerKernel(config);
      together.forEach((one, i) => t.true(difference(one, apart[i]) < tolerance, `${precision}, ${i}`));
    }
    await torch();
  },
);

whereBuilt('Adam by operations, as GPUs take it, is Adam by loops', async (t) => {
  await torch();
  const { kernels, tensor, values, release } = loadAddon();
  const stream = new RandomStream(2, 'adam');
  const shapes = [[3, 5], [7], [2, 2, 2]];
  const drawn = (shift: number): number[][] =>
    shapes.map((shape) => {
      const numbers = new Float32Array(shape.reduce((x, y) => x * y));
      stream.fillNormal(numbers, shift, 0.1);
      return tensor(numbers, shape, 'float32', 'cpu')[0] as unknown as number[];
    });
  const given = [drawn(0), drawn(0), drawn(0), drawn(1)];
  for (const decoupled of [false, true]) {
    const step = (byOperations: boolean) =>
      kernels['adam'](
        ...(given as never[]),
        [0.1, 0, 0.3],
        decoupled,
        1e-2,
        0.9,
        0.999,
        1e-8,
        3,
        false,
        byOperations,
      ).map(([handle]) => {
        const numbers = [...values(handle)];
        release(handle);
        return numbers;
      });
    const [loops, operations] = [step(false), step(true)];
    t.is(loops.length, 9);
    loops.flat().forEach((x, i) => {
      t.true(Math.abs(operations.flat()[i] - x) < 1e-6, `${i}: ${operations.flat()[i]}, not ${x}`);
    });
  }
  for (const handle of given.flat()) release(handle as never);
});

const hasFusedAttention = present && 'attention' in loadAddon().kernels;
(hasFusedAttention ? test.serial : test.serial.skip)(
  "attention by libtorch's fused kernels, as GPUs take it, is attention by operations (needs libtorch 2.1)",
  async (t) => {
    await torch();
    const { kernels, tensor, values, release } = loadAddon();
    const [batch, rows, heads, size] = [3, 37, 2, 16];
    const stream = new RandomStream(3, 'attention');
    const drawn = (columns: number): Float32Array => {
      const numbers = new Float32Array(batch * rows * columns);
      stream.fillNormal(numbers, 0, 1);
      return numbers;
    };
    const [qkv, dy] = [drawn(3 * heads * size), drawn(heads * size)];
    const expected = tf.tidy(() => {
      const f = (x: tf.Tensor): tf.Tensor => attention(x as tf.Tensor2D, batch, heads);
      const x = tf.tensor2d(qkv, [batch * rows, 3 * heads * size]);
      const gradient = tf.grad(f)(x, tf.tensor2d(dy, [batch * rows, heads * size]));
      return [f(x), gradient].map((found) => found.dataSync<'float32'>());
    });
    const given = [tensor(dy, [batch * rows, heads * size], 'float32', 'cpu')[0], tensor(qkv, [batch * rows, 3 * heads * size], 'float32', 'cpu')[0]]; // prettier-ignore
    const results = [
      kernels['attention'](given[1], batch, heads),
      kernels['attention_gradient'](...given, batch, heads),
    ].map(([[handle]]) => handle);
    for (const [i, handle] of results.entries())
      values(handle).forEach((x, at) => {
        t.true(Math.abs(x - expected[i][at]) < 1e-5, `${i}, ${at}: ${x}, not ${expected[i][at]}`);
      });
    for (const handle of [...given, ...results]) release(handle);
  },
);
