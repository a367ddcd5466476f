import * as tf from '../tf.js';
import type { RandomStream } from '../random/stream.js';
import type { Parameter } from './backbone.js';
import type { Fill } from './initial-values.js';
import { count, same, type Layout } from './layouts.js';

/** Says how the parameters of a part of the network are made. */
export interface ParameterOptions {
  readonly stream: RandomStream;
  /** Whether training changes them. */
  readonly trainable: boolean;
  /** Whether to draw initial values, which is not needed if weights are loaded right after. */
  readonly draw: boolean;
}

/** Makes and collects the parameters and buffers of a network. */
export class Parameters {
  readonly parameters: Parameter[] = [];
  readonly buffers: Parameter[] = [];

  /** Makes a parameter of the given shape, in our layout. */
  parameter<R extends tf.Rank>(
    making: ParameterOptions,
    name: string,
    shape: tf.ShapeMap[R],
    fill: Fill,
    torch: Layout = same,
  ): tf.Variable<R> {
    const values = new Float32Array(tf.util.sizeFromShape(shape));
    if (making.draw) fill(values, making.stream);
    const variable = makeVariable<R>(values, shape, making.trainable);
    this.parameters.push({ name, variable, trainable: making.trainable, torch });
    return variable;
  }

  /** Makes a buffer `[length] float32` with one value everywhere. */
  buffer(name: string, length: number, value: number): tf.Variable<tf.Rank.R1> {
    const variable = makeVariable<tf.Rank.R1>(new Float32Array(length).fill(value), [length], false);
    this.buffers.push({ name, variable, trainable: false, torch: same });
    return variable;
  }

  /** Makes a count, 0 at first. */
  counter(name: string): tf.Variable<tf.Rank.R0> {
    const variable = tf.tidy(() => tf.variable(tf.scalar(0, 'int32'), false));
    this.buffers.push({ name, variable, trainable: false, torch: count });
    return variable;
  }

  dispose(): void {
    for (const { variable } of [...this.parameters, ...this.buffers]) variable.dispose();
  }
}

function makeVariable<R extends tf.Rank>(
  values: Float32Array,
  shape: tf.ShapeMap[R],
  trainable: boolean,
): tf.Variable<R> {
  return tf.tidy(() => tf.variable(tf.tensor<R>(values, shape), trainable));
}
