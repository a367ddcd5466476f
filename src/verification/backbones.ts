import * as tf from '../tf.js';
import crc32 from 'crc-32';
import { makeBackbone, toTorch, type Backbone, type NamedArrays } from '../backbones/index.js';
import type { NetworkConfiguration } from '../configuration/types.js';
import { elementCount } from '../formats/nd-array.js';
import { RandomStream } from '../random/stream.js';
import { differs, outcome, type Checker } from './outcome.js';

interface BackboneCase {
  readonly model: NetworkConfiguration['name'];
  readonly args: Omit<NetworkConfiguration, 'name'>;
  readonly salt: string;
  readonly input_shape: readonly [number, number, number, number];
  readonly output: readonly (readonly number[])[];
  readonly gradients: Readonly<Record<string, { readonly l2: number; readonly first: readonly number[] } | null>>;
  readonly num_parameters: number;
  readonly state_dict: readonly (readonly [string, readonly number[]])[];
}

const tolerance = { cosine: 1e-5, output: 1e-4, gradient: 1e-3 };
/** The number of pictures' roundings over which a norm that is off is averaged. */
const ROUNDINGS = 8;

/**
 * Returns numbers in [-1, 1) by the file's formula: h = crc32 of the salt and the name, elements in PyTorch's order.
 */
function hashed(salt: string, name: string, length: number): Float32Array {
  const h = crc32.str(salt + name);
  const values = new Float32Array(length);
  for (let i = 0; i < length; i++) {
    let x = (Math.imul(i, 2654435761) + h) >>> 0;
    x = Math.imul(x ^ (x >>> 16), 2246822519) >>> 0;
    x = Math.imul(x ^ (x >>> 13), 3266489917) >>> 0;
    values[i] = ((x ^ (x >>> 16)) >>> 0) / 2 ** 31 - 1;
  }
  return values;
}

/** Returns the weights by the file's formula. */
export function goldenWeights({ salt, state_dict }: Pick<BackboneCase, 'salt' | 'state_dict'>): NamedArrays {
  return Object.fromEntries(
    state_dict.map(([name, shape]) => {
      if (name.endsWith('num_batches_tracked')) return [name, { dtype: 'int64', shape, data: new BigInt64Array(1) }];
      const factor =
        shape.length === 4
          ? Math.sqrt(6 / (shape[1] * shape[2] * shape[3]))
          : shape.length === 2
            ? Math.sqrt(3 / shape[1])
            : 0.1;
      const offset = shape.length === 1 && /(running_var|weight)$/.test(name) ? 1 : 0;
      const data = hashed(salt, name, elementCount(shape)).map((u) => offset + factor * u);
      return [name, { dtype: 'float32', shape, data }];
    }),
  );
}

/** Returns the file's pictures, channels last. */
function pictures({ salt, input_shape }: BackboneCase): tf.Tensor4D {
  return tf.tidy(() => {
    const values = hashed(salt, 'input', elementCount(input_shape));
    return tf.transpose(tf.tensor4d(values, [...input_shape]), [0, 2, 3, 1]);
  });
}

function checkOutput(output: tf.Tensor2D, expected: readonly (readonly number[])[]): string | undefined {
  const rows = output.arraySync();
  for (const [i, row] of rows.entries()) {
    const wanted = expected[i];
    const largest = Math.max(...row.map((value, k) => Math.abs(value - wanted[k])));
    const cosine =
      row.reduce((sum, value, k) => sum + value * wanted[k], 0) / (Math.hypot(...row) * Math.hypot(...wanted));
    if (!(largest <= tolerance.output && 1 - cosine <= tolerance.cosine))
      return `row ${i} of the output is off by ${largest.toExponential(1)}, its cosine is ${cosine.toFixed(6)}`;
  }
  return undefined;
}

/** Computes the output at some pictures, and the gradients of a sum of its numbers by the trained parameters. */
type Run = (images: tf.Tensor4D) => { readonly output: tf.Tensor2D; readonly grads: tf.NamedTensorMap };

function runOf(backbone: Backbone, { salt, input_shape }: BackboneCase): Run {
  const shape: [number, number] = [input_shape[0], backbone.embeddingSize];
  const trained = backbone.parameters.filter(({ trainable }) => trainable).map(({ variable }) => variable);
  return (images) => {
    const cotangent = tf.tensor2d(hashed(salt, 'cotangent', shape[0] * shape[1]), shape);
    let output = cotangent;
    const { grads } = tf.variableGrads(() => {
      output = tf.keep(backbone.embed(images, true));
      return tf.sum(tf.mul(output, cotangent));
    }, trained);
    return { output, grads };
  };
}

const normOf = (values: Float32Array): number => Math.sqrt(values.reduce((sum, value) => sum + value * value, 0));

/**
 * Returns the norm of a gradient as a mean over pictures that differ by a rounding, 1e-7. ReLU and pooling switch by it:
 * a single norm, of ResNet-50's first batch normalisation, is up to 1e-3 off on any engine, while the mean is not.
 */
function meanNorm(run: Run, images: tf.Tensor4D, salt: string, variable: tf.Variable): number {
  let sum = 0;
  for (let i = 0; i < ROUNDINGS; i++)
    sum += tf.tidy(() => {
      const rounding = tf.tensor4d(hashed(salt, `rounding ${i}`, images.size), images.shape);
      const { output, grads } = run(tf.add(images, tf.mul(rounding, 1e-7)));
      output.dispose();
      return normOf(grads[variable.name].dataSync<'float32'>());
    });
  return sum / ROUNDINGS;
}

function checkGradients(
  backbone: Backbone,
  gradients: tf.NamedTensorMap,
  expected: BackboneCase['gradients'],
  averaged: (variable: tf.Variable) => number,
): string | undefined {
  const isOff = (norm: number, l2: number): boolean => !(Math.abs(norm - l2) <= tolerance.gradient * l2);
  for (const [name, wanted] of Object.entries(expected)) {
    const { variable, torch, trainable } = backbone.parameters.find((parameter) => parameter.name === name)!;
    if (trainable !== (wanted !== null)) return `${name} is ${trainable ? '' : 'not '}trained`;
    if (wanted === null) continue;
    const values = toTorch(gradients[variable.name], torch).data as Float32Array;
    const norm = normOf(values);
    const scale = Math.max(...wanted.first.map(Math.abs), wanted.l2 / Math.sqrt(values.length));
    const off = Math.max(...wanted.first.map((value, i) => Math.abs(values[i] - value))) / scale;
    if (!(off <= tolerance.gradient * 10)) return `the gradient by ${name} is off by ${off.toExponential(1)}`;
    if (!isOff(norm, wanted.l2)) continue;
    const mean = Math.abs(norm / wanted.l2 - 1) < 10 * tolerance.gradient ? averaged(variable) : norm;
    if (isOff(mean, wanted.l2)) return `the gradient by ${name} has the norm ${mean}, expected ${wanted.l2}`;
  }
  return undefined;
}

function checkCase(golden: BackboneCase): string | undefined {
  const network = { name: golden.model, ...golden.args };
  const backbone = makeBackbone(network, { stream: new RandomStream(0), blank: true });
  const images = pictures(golden);
  try {
    backbone.loadStateDict(goldenWeights(golden), 'the reference file');
    const state = Object.entries(backbone.stateDict({ complete: true })).map(([name, { shape }]) => [name, shape]);
    const sorted = (entries: readonly unknown[]) => entries.map((entry) => JSON.stringify(entry)).sort();
    const trained = backbone.parameters.reduce((sum, { variable }) => sum + variable.size, 0);
    const complaint =
      differs('state_dict', sorted(state), sorted(golden.state_dict)) ??
      differs('num_parameters', trained, golden.num_parameters);
    if (complaint !== undefined) return complaint;
    const run = runOf(backbone, golden);
    let result: string | undefined;
    tf.tidy(() => {
      const { output, grads } = run(images);
      const averaged = (variable: tf.Variable): number => meanNorm(run, images, golden.salt, variable);
      result = checkOutput(output, golden.output) ?? checkGradients(backbone, grads, golden.gradients, averaged);
      output.dispose();
    });
    return result;
  } finally {
    images.dispose();
    backbone.dispose();
  }
}

/** Checks the image networks at full size: output, gradients, names and shapes. */
export const checkBackbones: Checker = (content) =>
  (content as { cases: BackboneCase[] }).cases.map((golden) => {
    const { model, args } = golden;
    const frozen = args.frozen_variables ? `, ${args.frozen_variables} frozen` : '';
    return outcome(`${model} (${args.embedding_size}${frozen})`, () => checkCase(golden));
  });
