import type { RandomStream } from '../random/stream.js';

/** Fills a tensor's values, in the order of our layout. */
export type Fill = (values: Float32Array, stream: RandomStream) => void;

export const constant =
  (value: number): Fill =>
  (values) => {
    values.fill(value);
  };

export const zero = constant(0);
export const one = constant(1);

/** Fills with N(0, std). timm truncates at 2, but with its std of .02 that is 100 standard deviations away. */
export const normal =
  (std: number): Fill =>
  (values, stream) => {
    stream.fillNormal(values, 0, std);
  };

/** Fills with U(-bound, bound). */
export const uniform =
  (bound: number): Fill =>
  (values, stream) => {
    for (let i = 0; i < values.length; i++) values[i] = bound * (2 * stream.uniform() - 1);
  };

/** Fills with PyTorch's start of convolutions and linear layers, weight and bias: U(-1 / sqrt(in), 1 / sqrt(in)). */
export const torchDefault = (fanIn: number): Fill => uniform(1 / Math.sqrt(fanIn));

/** Fills with Kaiming's normal start for relu in its fan-out form: N(0, sqrt(2 / out)). */
export const kaimingNormal = (fanOut: number): Fill => normal(Math.sqrt(2 / fanOut));

/**
 * Fills with a uniformly drawn orthogonal matrix `[inputs, outputs]`: rows or columns, whichever are fewer, are
 * orthonormal.
 *
 * By Gram-Schmidt orthogonalisation of normal draws in float64, each vector twice.
 */
export const orthogonal =
  (inputs: number, outputs: number): Fill =>
  (values, stream) => {
    const length = Math.max(inputs, outputs);
    const vectors: Float64Array[] = [];
    const dot = (a: Float64Array, b: Float64Array) => {
      let sum = 0;
      for (let k = 0; k < length; k++) sum += a[k] * b[k];
      return sum;
    };
    for (let i = 0; i < Math.min(inputs, outputs); i++) {
      const vector = Float64Array.from({ length }, () => stream.normal());
      for (let pass = 0; pass < 2; pass++)
        for (const other of vectors) {
          const along = dot(vector, other);
          for (let k = 0; k < length; k++) vector[k] -= along * other[k];
        }
      const norm = Math.sqrt(dot(vector, vector));
      vectors.push(vector.map((value) => value / norm));
    }
    for (let i = 0; i < inputs; i++)
      for (let o = 0; o < outputs; o++) values[i * outputs + o] = inputs < outputs ? vectors[i][o] : vectors[o][i];
  };
