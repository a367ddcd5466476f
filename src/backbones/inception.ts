import * as tf from '../tf.js';
import type { NetworkConfiguration } from '../configuration/types.js';
import { ImageNetwork } from './image-network.js';
import { averagePool, globalAverage, maxPool } from './layers/pooling.js';
import { linearUnit, convNormAct, type NetworkBuilder, type Unit } from './layers/units.js';
import { networkBuilder, type BackboneOptions } from './options.js';

const PREFIX = 'model.';
const SHRINK = { size: 3, stride: 2, padding: 0, ceil: true };
const AROUND = { size: 3, stride: 1, padding: 1 };

/** Holds the outputs of a module's branches. Modules without `ones` halve the picture and pool without a projection. */
interface ModuleShape {
  readonly name: string;
  readonly ones?: number;
  /** Outputs of the reduction, then of the 3 x 3 convolution. */
  readonly threes: readonly [number, number];
  /** Outputs of the reduction, then of both 3 x 3 convolutions. */
  readonly doubles: readonly [number, number];
  readonly pool: 'average' | 'max';
  readonly projection?: number;
}

const modules: readonly ModuleShape[] = [
  { name: '3a', ones: 64, threes: [64, 64], doubles: [64, 96], pool: 'average', projection: 32 },
  { name: '3b', ones: 64, threes: [64, 96], doubles: [64, 96], pool: 'average', projection: 64 },
  { name: '3c', threes: [128, 160], doubles: [64, 96], pool: 'max' },
  { name: '4a', ones: 224, threes: [64, 96], doubles: [96, 128], pool: 'average', projection: 128 },
  { name: '4b', ones: 192, threes: [96, 128], doubles: [96, 128], pool: 'average', projection: 128 },
  { name: '4c', ones: 160, threes: [128, 160], doubles: [128, 160], pool: 'average', projection: 128 },
  { name: '4d', ones: 96, threes: [128, 192], doubles: [160, 192], pool: 'average', projection: 128 },
  { name: '4e', threes: [128, 192], doubles: [192, 256], pool: 'max' },
  { name: '5a', ones: 352, threes: [192, 320], doubles: [160, 224], pool: 'average', projection: 128 },
  { name: '5b', ones: 352, threes: [192, 320], doubles: [192, 224], pool: 'max', projection: 128 },
];

/** Makes a convolution with bias, normalization and relu, under the names of the original. */
const convolve = (
  builder: NetworkBuilder,
  name: string,
  inputs: number,
  outputs: number,
  size: number,
  stride = 1,
  first = false,
): Unit =>
  convNormAct(builder, {
    names: [`${PREFIX}${name}`, `${PREFIX}${name}_bn`],
    ...{ inputs, outputs, size, stride, padding: (size - 1) / 2 },
    ...{ relu: true, bias: true, first },
  });

/** Makes one module: `[b, h, w, inputs]` -> the branches' channels, concatenated. */
function inceptionModule(
  builder: NetworkBuilder,
  shape: ModuleShape,
  inputs: number,
): { apply: Unit; outputs: number } {
  const { ones, threes, doubles, projection } = shape;
  const stride = ones === undefined ? 2 : 1;
  const named = (branch: string, from: number, to: number, size: number, step = 1) =>
    convolve(builder, `inception_${shape.name}_${branch}`, from, to, size, step);
  const one = ones === undefined ? undefined : named('1x1', inputs, ones, 1);
  const three = [named('3x3_reduce', inputs, threes[0], 1), named('3x3', threes[0], threes[1], 3, stride)];
  const double = [
    named('double_3x3_reduce', inputs, doubles[0], 1),
    named('double_3x3_1', doubles[0], doubles[1], 3),
    named('double_3x3_2', doubles[1], doubles[1], 3, stride),
  ];
  const project = projection === undefined ? undefined : named('pool_proj', inputs, projection, 1);
  const pool = (x: tf.Tensor4D) => {
    if (shape.pool === 'average') return averagePool(x, AROUND);
    return maxPool(x, stride === 2 ? SHRINK : AROUND);
  };
  const apply: Unit = (x, training) =>
    tf.tidy(() => {
      const along = (units: readonly Unit[], from: tf.Tensor4D) => units.reduce((y, next) => next(y, training), from);
      const pooled = pool(x);
      const branches = [
        ...(one === undefined ? [] : [one(x, training)]),
        along(three, x),
        along(double, x),
        project === undefined ? pooled : project(pooled, training),
      ];
      return tf.concat(branches, 3);
    });
  return { apply, outputs: (ones ?? 0) + threes[1] + doubles[1] + (projection ?? inputs) };
}

/** Makes BN-Inception without its classifier: pictures -> features `[b, 1024]`. */
function body(builder: NetworkBuilder): {
  apply: (x: tf.Tensor4D, training: boolean) => tf.Tensor2D;
  features: number;
} {
  const stem = [
    convolve(builder, 'conv1_7x7_s2', 3, 64, 7, 2, true),
    (x: tf.Tensor4D) => maxPool(x, SHRINK),
    convolve(builder, 'conv2_3x3_reduce', 64, 64, 1),
    convolve(builder, 'conv2_3x3', 64, 192, 3),
    (x: tf.Tensor4D) => maxPool(x, SHRINK),
  ];
  let channels = 192;
  const all = modules.map((shape) => {
    const { apply, outputs } = inceptionModule(builder, shape, channels);
    channels = outputs;
    return apply;
  });
  const apply = (x: tf.Tensor4D, training: boolean) => {
    const start = tf.tidy(() => stem.reduce((y, next) => next(y, training), x));
    return globalAverage(all.reduce((y, next) => after(y, next(y, training)), start));
  };
  return { apply, features: channels };
}

/** Disposes the tensor before; gradients keep what they need themselves. */
function after(before: tf.Tensor4D, now: tf.Tensor4D): tf.Tensor4D {
  before.dispose();
  return now;
}

/**
 * Makes `Inception`: BN-Inception, a linear layer to `embedding_size`, rows of length 1. BN-Inception is GoogLeNet with
 * batch normalization; here convolutions have biases, pooling sizes are rounded up, and average pools count their
 * padding.
 *
 * Ioffe, Szegedy, Batch Normalization, ICML 2015; names as in Cadene's pretrained-models.
 */
export function inception(network: NetworkConfiguration, options: BackboneOptions): ImageNetwork {
  const { embedding_size: embeddingSize } = network;
  const { builder, newLayers, fixed } = networkBuilder(network, options);
  const { parameters } = builder;
  const head = linearUnit(parameters, newLayers, `${PREFIX}last_linear`, 1024, embeddingSize);
  const { apply } = body(builder);
  return new ImageNetwork({
    name: 'Inception',
    imageSize: null,
    embeddingSize,
    featureSize: 1024,
    parameters,
    usesBatchStatistics: !builder.frozenNorm,
    prefix: PREFIX,
    newLayers: [`${PREFIX}last_linear.`],
    fixedBody: fixed,
    body: apply,
    head,
  });
}
