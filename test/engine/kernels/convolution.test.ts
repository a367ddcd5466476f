import * as tf from '../../../src/tf.js';
import test from 'ava';
import fc from 'fast-check';
import { chooseEngine } from '../../../src/engine/index.js';
import {
  checkGradients,
  compareEngines,
  difference,
  numbers,
  tensorOf,
  valueAndGradients,
  type Numbers,
} from './compare.js';
import { enginesOfCase, fastEngines, testedEngines } from '../tested-engines.js';

type Pad = 'same' | 'valid' | number | [[number, number], [number, number], [number, number], [number, number]];
type Pair = [number, number];

interface Case {
  readonly input: [number, number, number, number];
  readonly filter: [number, number];
  readonly outputs: number;
  readonly strides: Pair;
  readonly pad: Pad;
  readonly dilations?: Pair;
}

const rounding = (pad: Pad) => (typeof pad === 'string' ? undefined : 'floor');

const convolution =
  ({ strides, pad, dilations = [1, 1] }: Case) =>
  (x: tf.Tensor, w: tf.Tensor) =>
    tf.conv2d(x as tf.Tensor4D, w as tf.Tensor4D, strides, pad, 'NHWC', dilations, rounding(pad));

const depthwise =
  ({ strides, pad, dilations = [1, 1] }: Case) =>
  (x: tf.Tensor, w: tf.Tensor) =>
    tf.depthwiseConv2d(x as tf.Tensor4D, w as tf.Tensor4D, strides, pad, 'NHWC', dilations, rounding(pad));

const operands = ({ input, filter, outputs }: Case): Numbers[] => [
  numbers(input, 'x'),
  numbers([...filter, input[3], outputs], 'w'),
];

const label = (c: Case) => JSON.stringify(c);

const explicit: Pad = [[0, 0], [1, 2], [0, 3], [0, 0]]; // prettier-ignore
const table: Case[] = [
  { input: [1, 1, 1, 1], filter: [1, 1], outputs: 1, strides: [1, 1], pad: 'valid' },
  { input: [2, 9, 8, 3], filter: [3, 3], outputs: 4, strides: [1, 1], pad: 'same' },
  { input: [2, 9, 8, 17], filter: [3, 3], outputs: 9, strides: [1, 1], pad: 'same' },
  { input: [1, 7, 7, 20], filter: [3, 3], outputs: 33, strides: [2, 2], pad: 'same' },
  { input: [2, 8, 9, 18], filter: [3, 3], outputs: 5, strides: [2, 2], pad: 1 },
  { input: [2, 9, 9, 16], filter: [1, 1], outputs: 7, strides: [1, 1], pad: 'valid' },
  { input: [2, 9, 8, 16], filter: [1, 1], outputs: 7, strides: [2, 2], pad: 'valid' },
  { input: [2, 9, 8, 3], filter: [1, 1], outputs: 8, strides: [2, 3], pad: 'same' },
  { input: [3, 11, 10, 3], filter: [7, 7], outputs: 10, strides: [2, 2], pad: 3 },
  { input: [2, 10, 11, 16], filter: [5, 2], outputs: 6, strides: [2, 3], pad: 'valid' },
  { input: [2, 9, 8, 5], filter: [3, 1], outputs: 4, strides: [1, 2], pad: 'same' },
  { input: [2, 9, 8, 16], filter: [2, 3], outputs: 4, strides: [3, 1], pad: explicit },
  { input: [2, 9, 8, 4], filter: [2, 3], outputs: 4, strides: [1, 3], pad: explicit },
  { input: [1, 12, 12, 3], filter: [4, 4], outputs: 24, strides: [4, 4], pad: 'valid' },
  { input: [1, 3, 3, 16], filter: [3, 3], outputs: 8, strides: [1, 1], pad: 3 },
];

test.serial('convolution and its gradients agree with plain JavaScript', async (t) => {
  for (const [at, c] of table.entries())
    await compareEngines(t, label(c), convolution(c), operands(c), { engines: enginesOfCase(at) });
});

test.serial('convolution of many channels and pixels agrees with plain JavaScript', async (t) => {
  const c: Case = { input: [1, 9, 10, 130], filter: [3, 3], outputs: 37, strides: [1, 1], pad: 'same' };
  await compareEngines(t, label(c), convolution(c), operands(c));
});

test.serial('dilated convolution agrees with plain JavaScript', async (t) => {
  for (const channels of [3, 17])
    for (const dilations of [
      [2, 2],
      [1, 3],
      [3, 1],
    ] as Pair[])
      // prettier-ignore
      for (const pad of ['same', 'valid', 2] as const) {
        const c: Case = { input: [2, 9, 10, channels], filter: [3, 3], outputs: 5, strides: [1, 1], pad, dilations };
        await compareEngines(t, label(c), convolution(c), operands(c), {
          gradients: false,
          engines: channels === 3 ? testedEngines : fastEngines,
        });
      }
});

/** y[b, p, q, o] by the definition, with sizes rounded up where asked for. */
function definition(c: Case, x: Numbers, w: Numbers, round: (value: number) => number): Numbers {
  const [batch, height, width, channels] = c.input;
  const [kh, kw] = c.filter;
  const [, [top, bottom], [left, right]] = c.pad as [Pair, Pair, Pair, Pair];
  const outHeight = round((height + top + bottom - kh) / c.strides[0]) + 1;
  const outWidth = round((width + left + right - kw) / c.strides[1]) + 1;
  const values = new Float32Array(batch * outHeight * outWidth * c.outputs);
  let at = 0;
  for (let b = 0; b < batch; b++)
    for (let p = 0; p < outHeight; p++)
      for (let q = 0; q < outWidth; q++)
        for (let o = 0; o < c.outputs; o++, at++)
          for (let i = 0; i < kh; i++)
            for (let j = 0; j < kw; j++) {
              const [row, column] = [p * c.strides[0] + i - top, q * c.strides[1] + j - left];
              if (row < 0 || row >= height || column < 0 || column >= width) continue;
              for (let k = 0; k < channels; k++)
                values[at] +=
                  x.values[((b * height + row) * width + column) * channels + k] *
                  w.values[((i * kw + j) * channels + k) * c.outputs + o];
            }
  return { shape: [batch, outHeight, outWidth, c.outputs], values };
}

test.serial('convolutions of any geometry agree with the definition', async (t) => {
  await chooseEngine({ useGpu: false, engine: 'wasm' });
  const upTo = (max: number, min = 1) => fc.integer({ min, max });
  const ends = fc.tuple(upTo(3, 0), upTo(3, 0));
  const geometry = fc.record({
    input: fc.tuple(upTo(3), upTo(9), upTo(9), upTo(20)),
    filter: fc.tuple(upTo(4), upTo(4)),
    outputs: upTo(12),
    strides: fc.tuple(upTo(3), upTo(3)),
    pad: fc.tuple(fc.constant<Pair>([0, 0]), ends, ends, fc.constant<Pair>([0, 0])),
  });
  fc.assert(
    fc.property(geometry, fc.boolean(), (c, up) => {
      const fits = (axis: 1 | 2) => c.input[axis] + c.pad[axis][0] + c.pad[axis][1] >= c.filter[axis - 1];
      fc.pre(fits(1) && fits(2));
      const [x, w] = operands(c);
      const f = (a: tf.Tensor, b: tf.Tensor) =>
        tf.conv2d(a as tf.Tensor4D, b as tf.Tensor4D, c.strides, c.pad, 'NHWC', 1, up ? 'ceil' : 'floor');
      const [actual] = valueAndGradients(f, [x, w], false);
      return difference(actual, definition(c, x, w, up ? Math.ceil : Math.floor)) < 2e-6;
    }),
    { numRuns: 150 },
  );
  t.pass();
});

test.serial('gradients of convolution agree with differences', async (t) => {
  for (const c of table) await checkGradients(t, label(c), convolution(c), operands(c), { places: 9 });
});

test.serial('gradients where sizes are rounded up agree with differences', async (t) => {
  for (const channels of [3, 16])
    for (const pad of [0, explicit] as Pad[]) {
      const c: Case = { input: [2, 8, 6, channels], filter: [3, 2], outputs: 5, strides: [2, 3], pad };
      const f = (x: tf.Tensor, w: tf.Tensor) =>
        tf.conv2d(x as tf.Tensor4D, w as tf.Tensor4D, c.strides, pad, 'NHWC', 1, 'ceil');
      await checkGradients(t, label(c), f, operands(c), { places: 20 });
    }
});

test.serial('a batch too large for one table is computed like its images one by one', async (t) => {
  await chooseEngine({ useGpu: false, engine: 'wasm' });
  const c: Case = { input: [34, 50, 51, 16], filter: [5, 5], outputs: 2, strides: [1, 1], pad: 'same' };
  const apart = (x: tf.Tensor, w: tf.Tensor) => tf.concat(tf.split(x, 34).map((image) => convolution(c)(image, w)));
  const [whole, parts] = [convolution(c), apart].map((f) => valueAndGradients(f, operands(c)));
  whole.forEach((one, i) => {
    t.true(difference(one, parts[i]) < 1e-5);
  });
});

test.serial('depthwise convolution and its gradients agree with plain JavaScript', async (t) => {
  for (const [at, c] of table.filter(({ input }) => input[3] < 18).entries())
    for (const outputs of [1, 2])
      await compareEngines(t, label({ ...c, outputs }), depthwise(c), operands({ ...c, outputs }), {
        engines: enginesOfCase(at + outputs),
      });
});

test.serial('dilated depthwise convolution agrees with plain JavaScript', async (t) => {
  for (const pad of ['same', 'valid', explicit] as Pad[]) {
    const c: Case = { input: [2, 9, 10, 3], filter: [3, 2], outputs: 2, strides: [1, 1], pad, dilations: [2, 3] };
    await compareEngines(t, label(c), depthwise(c), operands(c), { gradients: false });
  }
});

test.serial('gradients of depthwise convolution agree with differences', async (t) => {
  for (const c of table.slice(1, 5))
    await checkGradients(t, label(c), depthwise(c), operands({ ...c, outputs: 2 }), { places: 9 });
});

test.serial('transposed, separable and fused convolutions agree with plain JavaScript', async (t) => {
  const x = numbers([2, 5, 4, 6], 'x');
  const transposed = (a: tf.Tensor, w: tf.Tensor) =>
    tf.conv2dTranspose(a as tf.Tensor4D, w as tf.Tensor4D, [2, 10, 8, 3], 2, 'same');
  await compareEngines(t, 'transposed', transposed, [x, numbers([3, 3, 3, 6], 'w')]);
  const separable = (a: tf.Tensor, d: tf.Tensor, p: tf.Tensor) =>
    tf.separableConv2d(a as tf.Tensor4D, d as tf.Tensor4D, p as tf.Tensor4D, 1, 'same');
  await compareEngines(t, 'separable', separable, [x, numbers([3, 3, 6, 2], 'd'), numbers([1, 1, 12, 5], 'p')]);
  const fused = (a: tf.Tensor, w: tf.Tensor, bias: tf.Tensor) =>
    tf.fused.conv2d({
      x: a as tf.Tensor4D,
      filter: w as tf.Tensor4D,
      strides: 2,
      pad: 'same',
      bias,
      activation: 'relu',
    });
  await compareEngines(t, 'fused', fused, [x, numbers([3, 3, 6, 9], 'w'), numbers([9], 'bias')]);
  const fusedDepthwise = (a: tf.Tensor, w: tf.Tensor, bias: tf.Tensor) =>
    tf.fused.depthwiseConv2d({
      x: a as tf.Tensor4D,
      filter: w as tf.Tensor4D,
      strides: 1,
      pad: 'same',
      bias,
      activation: 'relu6',
    });
  await compareEngines(t, 'fused depthwise', fusedDepthwise, [x, numbers([3, 3, 6, 1], 'w'), numbers([6], 'bias')]);
});

test.serial('channels first are refused', async (t) => {
  await chooseEngine({ useGpu: false, engine: 'wasm' });
  tf.tidy(() => {
    const convolve = () =>
      tf.conv2d(tf.ones([1, 3, 5, 5]) as tf.Tensor4D, tf.ones([3, 3, 3, 2]) as tf.Tensor4D, 1, 'same', 'NCHW');
    t.throws(convolve, { message: /NHWC/ });
  });
});

test.serial('convolution leaves no tensor and no memory behind', async (t) => {
  await chooseEngine({ useGpu: false, engine: 'wasm' });
  const x = tensorOf(numbers([4, 20, 20, 3], 'x')) as tf.Tensor4D;
  const w = tf.variable(tensorOf(numbers([3, 3, 3, 20], 'w')));
  const v = tf.variable(tensorOf(numbers([3, 3, 20, 24], 'v')));
  const backend = tf.backend() as unknown as { wasm: { HEAPU8: Uint8Array }; numDataIds(): number };
  const step = () => {
    const loss = () =>
      tf.sum(tf.conv2d(tf.conv2d(x, w as tf.Tensor4D, 2, 'same'), v as tf.Tensor4D, 2, 1, 'NHWC', 1, 'floor'));
    const { value, grads } = tf.variableGrads(loss as () => tf.Scalar, [w, v]);
    const moved = tf.tidy(() => tf.sub(w, tf.mul(grads[w.name], 1e-3)));
    w.assign(moved);
    tf.dispose([value, grads, moved]);
  };
  step();
  step();
  const before = [tf.memory().numTensors, backend.numDataIds(), backend.wasm.HEAPU8.length];
  for (let i = 0; i < 60; i++) step();
  t.deepEqual([tf.memory().numTensors, backend.numDataIds(), backend.wasm.HEAPU8.length], before);
  tf.dispose([x, w, v]);
});
