import type * as tf from '../../tf.js';
import { constant, one, torchDefault, zero, type Fill } from '../initial-values.js';
import { filter, matrix } from '../layouts.js';
import type { ParameterOptions, Parameters } from '../parameters.js';
import { batchNorm } from './batch-norm.js';
import { convolution, type Window } from './convolution.js';
import { linear } from './linear.js';

/** Holds what the layers of a network share while they are made. */
export interface NetworkBuilder {
  readonly parameters: Parameters;
  readonly making: ParameterOptions;
  /** Whether batch normalization uses the running statistics in training too. */
  readonly frozenNorm: boolean;
}

/** Describes a convolution followed by batch normalization. */
export interface UnitOptions extends Window {
  /** Names of the convolution and of its normalization. */
  readonly names: readonly [string, string];
  readonly inputs: number;
  readonly outputs: number;
  /** Side of the filter. */
  readonly size: number;
  readonly relu: boolean;
  readonly epsilon?: number;
  /** Whether the convolution has a bias of its own. */
  readonly bias?: boolean;
  /** Initial values of the filter, and of the bias. */
  readonly fill?: Fill;
  readonly biasFill?: Fill;
  /** Whether no gradient with respect to the input is wanted. */
  readonly first?: boolean;
}

export type Unit = (x: tf.Tensor4D, training: boolean, shortcut?: tf.Tensor4D) => tf.Tensor4D;

const defaults = { epsilon: 1e-5 };

/** Makes relu(norm(conv(x)) + shortcut), with relu and shortcut only if asked for. */
export function convNormAct({ parameters, making, frozenNorm }: NetworkBuilder, options: UnitOptions): Unit {
  const { inputs, outputs, size, relu, first } = options;
  const [conv, norm] = options.names;
  const fill = options.fill ?? torchDefault(inputs * size * size);
  const w = parameters.parameter<tf.Rank.R4>(making, `${conv}.weight`, [size, size, inputs, outputs], fill, filter);
  const vector = (name: string, values: Fill) => parameters.parameter<tf.Rank.R1>(making, name, [outputs], values);
  const bias = options.bias ? vector(`${conv}.bias`, options.biasFill ?? fill) : undefined;
  const normalization = {
    scale: vector(`${norm}.weight`, one),
    shift: vector(`${norm}.bias`, zero),
    mean: parameters.buffer(`${norm}.running_mean`, outputs, 0),
    variance: parameters.buffer(`${norm}.running_var`, outputs, 1),
    batches: parameters.counter(`${norm}.num_batches_tracked`),
    epsilon: options.epsilon ?? defaults.epsilon,
  };
  return (x, training, shortcut) => {
    if (training && !frozenNorm)
      return batchNorm(convolution(x, w, options, {}, first), normalization, { relu, shortcut, bias });
    return convolution(x, w, options, { bias, norm: normalization, shortcut, relu }, first);
  };
}

/** Makes a linear layer with names `NAME.weight` and `NAME.bias`: `[n, inputs]` -> `[n, outputs]`, plus a shortcut. */
export function linearUnit(
  parameters: Parameters,
  making: ParameterOptions,
  name: string,
  inputs: number,
  outputs: number,
  fill: Fill = torchDefault(inputs),
  biasFill: Fill = torchDefault(inputs),
): (x: tf.Tensor2D, shortcut?: tf.Tensor2D) => tf.Tensor2D {
  const w = parameters.parameter<tf.Rank.R2>(making, `${name}.weight`, [inputs, outputs], fill, matrix);
  const bias = parameters.parameter<tf.Rank.R1>(making, `${name}.bias`, [outputs], biasFill);
  return (x, shortcut) => linear(x, w, bias, shortcut);
}

/** Makes the scale and shift of a normalization, 1 and 0 at first: `[size]` each. */
export function affineUnit(
  parameters: Parameters,
  making: ParameterOptions,
  name: string,
  size: number,
): readonly [tf.Tensor1D, tf.Tensor1D] {
  return [
    parameters.parameter<tf.Rank.R1>(making, `${name}.weight`, [size], constant(1)),
    parameters.parameter<tf.Rank.R1>(making, `${name}.bias`, [size], zero),
  ];
}
