import * as tf from '../../../src/tf.js';
import test from 'ava';
import { checkGradients, compareEngines, numbers } from './compare.js';

type Unary = (x: tf.Tensor) => tf.Tensor;

const gelu: Unary = (x) => tf.mul(tf.mul(x, 0.5), tf.add(tf.erf(tf.div(x, Math.SQRT2)), 1));

const layerNorm: Unary = (x) => {
  const { mean, variance } = tf.moments(x, -1, true);
  return tf.mul(tf.sub(x, mean), tf.rsqrt(tf.add(variance, 1e-6)));
};

const batchNorm = (x: tf.Tensor, offset: tf.Tensor, scale: tf.Tensor) => {
  const { mean, variance } = tf.moments(x, [0, 1, 2]);
  return tf.batchNorm(
    x as tf.Tensor4D,
    mean as tf.Tensor1D,
    variance as tf.Tensor1D,
    offset as tf.Tensor1D,
    scale as tf.Tensor1D,
    1e-5,
  );
};

const frozenBatchNorm = (x: tf.Tensor, mean: tf.Tensor, variance: tf.Tensor, offset: tf.Tensor, scale: tf.Tensor) =>
  tf.batchNorm(
    x as tf.Tensor4D,
    mean as tf.Tensor1D,
    tf.exp(variance) as tf.Tensor1D,
    offset as tf.Tensor1D,
    scale as tf.Tensor1D,
    1e-5,
  );

/** Multi-head attention as image transformers have it: x [b, n, 12] in two heads. */
const attention: Unary = (x) => {
  const [b, n] = x.shape;
  const heads = tf.transpose(tf.reshape(x, [b, n, 2, 6]), [0, 2, 1, 3]);
  const weights = tf.softmax(tf.div(tf.matMul(heads, heads, false, true), Math.sqrt(6)));
  return tf.reshape(tf.transpose(tf.matMul(weights, heads), [0, 2, 1, 3]), [b, n, 12]);
};

/** Distances of all pairs of rows, as metric learning has them. */
const distances: Unary = (x) => {
  const squares = tf.sum(tf.square(x), 1, true);
  const products = tf.matMul(x, x, false, true);
  const squared = tf.sub(tf.add(squares, tf.transpose(squares)), tf.mul(products, 2));
  return tf.sqrt(tf.clipByValue(squared, 1e-4, 1e9));
};

const unary: Record<string, Unary> = {
  attention: (x) => attention(tf.reshape(tf.tile(x, [1, 2]), [2, 4, 12])),
  distances,
  gelu,
  layerNorm,
  abs: tf.abs,
  clip: (x) => tf.clipByValue(x, -0.5, 0.4),
  concat: (x) => tf.concat([x, tf.square(x)], 1),
  cumsum: (x) => tf.cumsum(x, 1),
  elu: tf.elu,
  exp: tf.exp,
  expm1: tf.expm1,
  leakyRelu: (x) => tf.leakyRelu(x, 0.1),
  log1p: (x) => tf.log1p(tf.abs(x)),
  logSigmoid: tf.logSigmoid,
  logSoftmax: (x) => tf.logSoftmax(x),
  logSumExp: (x) => tf.logSumExp(x, 1),
  max: (x) => tf.max(x, 1),
  mean: (x) => tf.mean(x, 0),
  min: (x) => tf.min(x, 1),
  pad: (x) => tf.pad(x, [[1, 2], [0, 1]], 3), // prettier-ignore
  prod: (x) => tf.prod(tf.add(x, 3), 1),
  relu: tf.relu,
  reverse: (x) => tf.reverse(x, 1),
  sigmoid: tf.sigmoid,
  slice: (x) => tf.slice(x, [1, 0], [3, 4]),
  softmax: (x) => tf.softmax(x),
  softplus: tf.softplus,
  split: (x) => tf.split(x, [2, 4], 1)[1],
  sqrt: (x) => tf.sqrt(tf.add(x, 1.5)),
  stack: (x) => tf.stack([x, x], 1),
  sum: (x) => tf.sum(x, 1),
  swish: (x) => tf.mul(x, tf.sigmoid(x)),
  tanh: tf.tanh,
  tile: (x) => tf.tile(x, [2, 3]),
  transpose: (x) => tf.transpose(tf.reshape(x, [2, 4, 6]), [2, 0, 1]),
  unstack: (x) => tf.unstack(x, 1)[2],
  where: (x) => tf.where(tf.greater(tf.tile(tf.range(0, 6), [8]).reshape([8, 6]), 2), x, tf.square(x)),
};

test.serial('operations of one tensor and their gradients agree with plain JavaScript', async (t) => {
  for (const [name, f] of Object.entries(unary))
    await compareEngines(t, name, f, [numbers([8, 6], name)], { tolerance: 3e-5 });
});

test.serial('operations of two tensors and their gradients agree with plain JavaScript', async (t) => {
  const binary = { add: tf.add, sub: tf.sub, mul: tf.mul, div: tf.div, pow: tf.pow };
  for (const [name, f] of Object.entries(binary))
    for (const [a, b] of [
      [
        [3, 4],
        [3, 4],
      ],
      [[3, 4], [4]],
      [
        [3, 1],
        [1, 4],
      ],
      [
        [2, 3, 4],
        [3, 1],
      ],
    ])
      // prettier-ignore
      await compareEngines(t, name, (x, y) => f(x, y), [numbers(a, 'a', 0.5, 2), numbers(b, 'b', 0.5, 2)], { tolerance: 2e-5 });
  const same = { maximum: tf.maximum, minimum: tf.minimum, squaredDifference: tf.squaredDifference };
  for (const [name, f] of Object.entries(same))
    await compareEngines(t, name, (x, y) => f(x, y), [numbers([3, 4], 'a'), numbers([3, 4], 'b')]);
});

test.serial('normalisation by batches and its gradients agree with plain JavaScript', async (t) => {
  const shapes = [[2, 5, 4, 6], [6], [6]]; // prettier-ignore
  const inputs = shapes.map((shape, i) => numbers(shape, `x${i}`));
  await compareEngines(t, 'batch', batchNorm, inputs, { tolerance: 2e-5 });
  const frozen = [...inputs, numbers([6], 'offset'), numbers([6], 'scale')];
  await compareEngines(t, 'frozen', frozenBatchNorm, frozen, { tolerance: 2e-5 });
});

test.serial('a chain of layers: its gradients agree with differences', async (t) => {
  const network = (x: tf.Tensor, w: tf.Tensor, offset: tf.Tensor, scale: tf.Tensor, head: tf.Tensor) => {
    const features = batchNorm(tf.conv2d(x as tf.Tensor4D, w as tf.Tensor4D, 2, 'same'), offset, scale);
    const pooled = tf.mean(tf.avgPool(gelu(features) as tf.Tensor4D, 3, 2, 'same'), [1, 2]);
    const embedding = tf.matMul(pooled, head);
    return tf.div(embedding, tf.norm(embedding, 'euclidean', 1, true));
  };
  const shapes = [[3, 9, 9, 3], [3, 3, 3, 8], [8], [8], [8, 5]]; // prettier-ignore
  const inputs = shapes.map((shape, i) => numbers(shape, `n${i}`));
  await checkGradients(t, 'network', network, inputs, { step: 1e-2, tolerance: 1e-2, places: 10 });
});
