import * as tf from '../../src/tf.js';
import test from 'ava';
import { batchNorm, type Norm } from '../../src/backbones/layers/batch-norm.js';
import { convolution, type Window } from '../../src/backbones/layers/convolution.js';
import { gelu } from '../../src/backbones/layers/gelu.js';
import { layerNorm } from '../../src/backbones/layers/layer-norm.js';
import { averagePool, maxPool, numWindows, type Pooling } from '../../src/backbones/layers/pooling.js';
import { chooseEngine } from '../../src/engine/index.js';
import {
  compareEngines,
  difference,
  numbers,
  tensorOf,
  valueAndGradients,
  type Computation,
} from '../engine/kernels/compare.js';
import { enginesOfCase, testedEngines } from '../engine/tested-engines.js';

const wasm = () => chooseEngine({ useGpu: false, engine: 'wasm' });

const RUNNING = { mean: 0.3, variance: 0.7, epsilon: 1e-3 };

interface Parts {
  readonly norm?: boolean;
  readonly bias?: boolean;
  readonly shortcut?: boolean;
  readonly relu?: boolean;
}

const everything: Parts = { norm: true, bias: true, shortcut: true, relu: true };

/** A convolution with what may end it; batch normalization has the same running statistics in all channels. */
const ended =
  (window: Window, parts = everything, fixedInput = false): Computation =>
  (x, w, scale, shift, bias, shortcut) => {
    const [mean, variance] = [RUNNING.mean, RUNNING.variance].map((value) => tf.fill(scale.shape, value));
    const norm = { scale, shift, mean, variance, epsilon: RUNNING.epsilon } as unknown as Norm;
    const ending = {
      ...(parts.norm ? { norm } : {}),
      ...(parts.bias ? { bias: bias as tf.Tensor1D } : {}),
      ...(parts.shortcut ? { shortcut: shortcut as tf.Tensor4D } : {}),
      relu: parts.relu ?? false,
    };
    return convolution(x as tf.Tensor4D, w as tf.Tensor4D, window, ending, fixedInput);
  };

test.serial('a convolution and its end are what the operations give one after the other, gradients too', async (t) => {
  const [window, channels] = [{ stride: 1, padding: 1 }, 5];
  const apart =
    ({ norm, bias, shortcut, relu }: Parts, fixedInput: boolean): Computation =>
    (x, w, scale, shift, b, s) => {
      const input = (fixedInput ? tf.tensor4d(x.dataSync(), x.shape as tf.Tensor4D['shape']) : x) as tf.Tensor4D;
      let y: tf.Tensor = tf.conv2d(input, w as tf.Tensor4D, window.stride, 'same');
      if (bias) y = tf.add(y, b);
      const { mean, variance, epsilon } = RUNNING;
      if (norm) y = tf.add(tf.mul(tf.div(tf.sub(y, mean), Math.sqrt(variance + epsilon)), scale), shift);
      if (shortcut) y = tf.add(y, s);
      return relu ? tf.relu(y) : y;
    };
  // operands that take no part have gradients of 0
  const whole =
    (compute: Computation): Computation =>
    (...all) =>
      tf.add(compute(...all), tf.mul(0, tf.addN(all.map((tensor) => tf.sum(tensor)))));
  const shapes = [[2, 7, 6, 3], [3, 3, 3, channels], [channels], [channels], [channels], [2, 7, 6, channels]];
  const given = shapes.map((shape, i) => numbers(shape, `operand ${i}`));
  for (const engine of [...testedEngines, 'javascript']) {
    await chooseEngine({ useGpu: false, engine });
    for (let some = 0; some < 32; some++) {
      const [norm, bias, shortcut, relu, fixedInput] = [1, 2, 4, 8, 16].map((bit) => (some & bit) > 0);
      const parts = { norm, bias, shortcut, relu };
      const [together, separate] = [ended(window, parts, fixedInput), apart(parts, fixedInput)].map((f) =>
        valueAndGradients(whole(f), given),
      );
      const what = `${engine}, ${JSON.stringify(parts)}, input ${fixedInput ? 'fixed' : 'free'}`;
      together.forEach((one, i) => t.true(difference(one, separate[i]) < 2e-6, `${what}, ${i}`));
    }
  }
});

test.serial('kernels agree with operations, gradients too, whatever the number of channels', async (t) => {
  await wasm();
  t.truthy(tf.getKernel('RowsAffine', 'wasm'), 'npm run build has built the kernels');
  for (const c of [1, 5, 8, 18]) {
    const x = numbers([2, 7, 6, 3], 'x');
    const ending = [numbers([c], 'scale'), numbers([c], 'shift')];
    for (const [at, [size, stride, padding]] of [
      [1, 2, 0],
      [3, 1, 1],
      [3, 2, 1],
      [3, 1, 0],
      [5, 2, 2],
    ].entries()) {
      const engines = enginesOfCase(at + 2); // SwiftShader: the second and the last
      // prettier-ignore
      const window = { stride, padding };
      const w = numbers([size, size, 3, c], 'w');
      const [p, q] = [7, 6].map((side) => Math.floor((side + 2 * padding - size) / stride) + 1);
      const shortcut = numbers([2, p, q, c], 'shortcut');
      await compareEngines(t, `convolution ${size} ${stride} ${padding} ${c}`, (a, b) => convolution(a as tf.Tensor4D, b as tf.Tensor4D, window, {}), [x, w], { tolerance: 1e-5, engines }); // prettier-ignore
      await compareEngines(
        t,
        `convolution and all ${size} ${stride} ${padding} ${c}`,
        ended(window),
        [x, w, ...ending, numbers([c], 'bias'), shortcut],
        { tolerance: 1e-5, engines },
      );
    }
    const rows = numbers([9, c], 'rows');
    if (c > 1)
      await compareEngines(t, `layer norm ${c}`, (a, scale, shift) => layerNorm(a as tf.Tensor2D, 1e-6, [scale as tf.Tensor1D, shift as tf.Tensor1D]), [rows, ...ending], { tolerance: 1e-5 }); // prettier-ignore
    await compareEngines(t, `layer norm alone ${c}`, (a) => layerNorm(a as tf.Tensor2D, 1e-5), [rows], { tolerance: 1e-5, exceptions: c > 1 ? {} : { 'torch-cpu': 1e-4, 'torch-cuda': 1e-4 } }); // prettier-ignore
    await compareEngines(t, `gelu ${c}`, gelu, [numbers([9, c], 'gelu', -6, 6)]);
  }
});

/** erf by its series, to double precision for |x| up to 4. */
function erf(x: number): number {
  let term = x;
  let sum = x;
  for (let n = 1; n < 120; n++) {
    term *= (-x * x) / n;
    sum += term / (2 * n + 1);
  }
  return (2 / Math.sqrt(Math.PI)) * sum;
}

test.serial('gelu is the exact form within 4e-7 |x|, and its gradient within 1e-6', async (t) => {
  await wasm();
  const x = Float32Array.from({ length: 901 }, (_, i) => (i - 450) / 90);
  const [y, slope] = tf.tidy(() => [
    gelu(tf.tensor1d(x)).dataSync().slice(),
    tf.grad(gelu)(tf.tensor1d(x)).dataSync().slice(),
  ]);
  x.forEach((value, i) => {
    const phi = (1 + erf(value * Math.SQRT1_2)) / 2;
    t.true(Math.abs(y[i] - value * phi) <= 4e-7 * Math.abs(value) + 1e-12, `${value}: ${y[i]} for ${value * phi}`);
    const density = Math.exp((-value * value) / 2) / Math.sqrt(2 * Math.PI);
    t.true(Math.abs(slope[i] - (phi + value * density)) <= 1e-6);
  });
  const extreme = tf.tidy(() => gelu(tf.tensor1d([-100, 100, NaN, -Infinity, 30])).dataSync());
  t.deepEqual([...extreme].slice(0, 3), [-0, 100, NaN]);
  t.is(extreme[4], 30);
});

const poolings: (Pooling & { inputs: number })[] = [
  { inputs: 112, size: 3, stride: 2, padding: 0, ceil: true },
  { inputs: 11, size: 3, stride: 2, padding: 0, ceil: true },
  { inputs: 6, size: 3, stride: 2, padding: 1, ceil: true },
  { inputs: 7, size: 2, stride: 3, padding: 1, ceil: true },
  { inputs: 6, size: 3, stride: 2, padding: 1 },
  { inputs: 7, size: 3, stride: 2, padding: 1 },
  { inputs: 7, size: 3, stride: 1, padding: 1 },
];

/** PyTorch's pooling, window by window: a window must begin inside the input or its padding on the left. */
function naive(
  x: Float32Array,
  { inputs, size, stride, padding, ceil = false }: (typeof poolings)[number],
  mean: boolean,
) {
  const starts: number[] = [];
  for (let start = -padding; starts.length < 1000; start += stride) {
    const behind = start + size;
    if (ceil ? behind >= inputs + padding + stride || start >= inputs : behind > inputs + padding) break;
    starts.push(start);
  }
  return starts.map((y) =>
    starts.map((z) => {
      const inside: number[] = [];
      for (let i = Math.max(0, y); i < Math.min(inputs, y + size); i++)
        for (let j = Math.max(0, z); j < Math.min(inputs, z + size); j++) inside.push(x[i * inputs + j]);
      return mean ? inside.reduce((sum, value) => sum + value, 0) / size ** 2 : Math.max(...inside);
    }),
  );
}

test.serial('poolings have the windows of PyTorch, rounded up or down, and averages count the padding', async (t) => {
  await wasm();
  t.is(numWindows(112, poolings[0]), 56);
  for (const pooling of poolings) {
    const x = numbers([1, pooling.inputs, pooling.inputs, 1], 'pooling', 0.1, 1);
    const check = (label: string, result: tf.Tensor4D, expected: number[][]) => {
      t.deepEqual(result.shape, [1, expected.length, expected.length, 1], label);
      const off = Math.max(...result.dataSync().map((value, i) => Math.abs(value - expected.flat()[i])));
      t.true(off < 1e-6, `${label}: ${off}`);
      result.dispose();
    };
    const [label, tensor] = [JSON.stringify(pooling), tensorOf(x) as tf.Tensor4D];
    check(`largest ${label}`, tf.tidy(() => maxPool(tensor, pooling)), naive(x.values, pooling, false)); // prettier-ignore
    if (!pooling.ceil)
      check(`mean ${label}`, tf.tidy(() => averagePool(tensor, pooling)), naive(x.values, pooling, true)); // prettier-ignore
    tensor.dispose();
  }
});

test.serial('batch normalization: values and running statistics as PyTorch computes them', async (t) => {
  const [rows, channels] = [2 * 3 * 3, 5];
  const x = numbers([2, 3, 3, channels], 'norm', -2, 3);
  const vector = (name: string) => numbers([channels], name, 0.3, 1.5);
  const given = { scale: vector('scale'), shift: vector('shift'), mean: vector('mean'), variance: vector('variance') };
  const bias = vector('bias');
  for (const engine of [...testedEngines, 'javascript']) {
    await chooseEngine({ useGpu: false, engine });
    const variable = (one: typeof bias) => tf.tidy(() => tf.variable(tensorOf(one) as tf.Tensor1D));
    const norm: Norm = {
      ...{ scale: variable(given.scale), shift: variable(given.shift), epsilon: 1e-3 },
      ...{ mean: variable(given.mean), variance: variable(given.variance) },
      batches: tf.tidy(() => tf.variable(tf.scalar(6, 'int32'))),
    };
    const y = tf.tidy(() =>
      batchNorm(tensorOf(x) as tf.Tensor4D, norm, { bias: tensorOf(bias) as tf.Tensor1D })
        .dataSync()
        .slice(),
    );
    for (let c = 0; c < channels; c++) {
      const column = Array.from({ length: rows }, (_, i) => x.values[i * channels + c]);
      const mean = column.reduce((sum, value) => sum + value, 0) / rows;
      const squares = column.reduce((sum, value) => sum + (value - mean) ** 2, 0);
      column.forEach((value, i) => {
        const expected = ((value - mean) / Math.sqrt(squares / rows + 1e-3)) * given.scale.values[c] + given.shift.values[c]; // prettier-ignore
        t.true(Math.abs(y[i * channels + c] - expected) < 1e-5);
      });
      // with the convolution's bias, which batch statistics take out of the values again
      const runningMean = 0.9 * given.mean.values[c] + 0.1 * (mean + bias.values[c]);
      const runningVariance = 0.9 * given.variance.values[c] + (0.1 * squares) / (rows - 1);
      t.true(Math.abs(norm.mean.dataSync()[c] - runningMean) < 1e-6);
      t.true(Math.abs(norm.variance.dataSync()[c] - runningVariance) < 1e-6);
    }
    t.is(norm.batches.dataSync()[0], 7);
    for (const one of [norm.scale, norm.shift, norm.mean, norm.variance, norm.batches]) one.dispose();
  }
});
