import * as tf from '../tf.js';

/** The square of 1e-12, the least norm that PyTorch's `normalize` divides by. */
const SMALLEST_SQUARED_NORM = 1e-24;

/**
 * Embeds items by their indexes with `Psycho`: relu of the table's row, L2-normalised.
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
