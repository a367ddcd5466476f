import * as tf from '@tensorflow/tfjs';
import type { Stream } from '../random/stream.js';

const defaults = { mean: 0.5, std: 0.2 };

/** Squared norms are kept above the square of the 1e-12 that PyTorch's `normalize` divides by at least. */
const SMALLEST_SQUARED_NORM = 1e-24;

/**
 * The initial table of an index teacher: N(.5, .2) in every place.
 *
 * @returns float32 `[items, size]`, row after row
 */
export function initialTable(stream: Stream, items: number, size: number): Float32Array {
  const table = new Float32Array(items * size);
  stream.fillNormal(table, defaults.mean, defaults.std);
  return table;
}

/**
 * `Psycho`, the embedding of items by their indexes alone: relu of the table's row, L2-normalised.
 *
 * @param table `[teachers, items, size] float32`
 * @param indexes `[n] int32`
 * @returns `[teachers, n, size] float32`; a row without any positive weight stays 0 and has no gradient
 */
export const psycho = (table: tf.Tensor3D, indexes: tf.Tensor1D): tf.Tensor3D =>
  tf.tidy(() => {
    const rows = tf.relu(tf.gather(table, indexes, 1));
    const squared = tf.maximum(tf.sum(tf.square(rows), -1, true), SMALLEST_SQUARED_NORM);
    return tf.mul(rows, tf.rsqrt(squared));
  });
