import * as tf from '../../src/tf.js';
import { chooseEngine } from '../../src/engine/index.js';
import { answer } from './child.js';
import type { Answer, Convolution, Question } from './convolutions.js';

// One convolution on an engine: value, and gradients with respect to its input and its filter.

interface Tensors {
  readonly key: string;
  readonly x: tf.Tensor4D;
  readonly w: tf.Tensor4D;
  readonly dy: tf.Tensor4D;
}

const normal = (...shape: [number, number, number, number]): tf.Tensor4D =>
  tf.randomNormal<tf.Rank.R4>(shape, 0, 1, 'float32', 1);

let current: Tensors | undefined;

function tensorsOf(convolution: Convolution, rows: number): Tensors {
  const key = JSON.stringify([convolution, rows]);
  if (current?.key === key) return current;
  if (current !== undefined) tf.dispose([current.x, current.w, current.dy]);
  const { inputs, outputs, filter, stride, size } = convolution;
  const out = size / stride;
  const [x, w] = [normal(rows, size, size, inputs), normal(filter, filter, inputs, outputs)];
  current = { key, x, w, dy: normal(rows, out, out, outputs) };
  return current;
}

let engine: string | undefined;

void answer(async ({ engine: wanted, convolution, rows, part }: Question): Promise<Answer> => {
  if (engine !== wanted) await chooseEngine({ useGpu: false, engine: wanted });
  engine = wanted;
  const { x, w, dy } = tensorsOf(convolution, rows);
  const attributes = { strides: convolution.stride, pad: 'same', dataFormat: 'NHWC', dimRoundingMode: undefined };
  const run = (kernel: string, tensors: tf.NamedTensorMap, more: object): tf.Tensor =>
    tf.engine().runKernel(kernel, tensors, { ...attributes, ...more } as never) as tf.Tensor;
  const work = {
    forward: () => tf.conv2d(x, w, convolution.stride, 'same'),
    input: () => run('Conv2DBackpropInput', { dy, filter: w }, { inputShape: x.shape }),
    filter: () => run('Conv2DBackpropFilter', { x, dy }, { filterShape: w.shape }),
  }[part];
  const start = performance.now();
  tf.dispose(work());
  return { seconds: (performance.now() - start) / 1000 };
});
