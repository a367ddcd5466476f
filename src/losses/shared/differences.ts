import * as tf from '../../tf.js';

const BLOCK = 2 ** 20;

/**
 * Computes |e_i - e_j|^2 of all pairs of rows, `[n, d]` to `[n, n]`, from differences: exactly 0 for equal rows and
 * accurate for close ones, unlike the form with dot products. It works in blocks of rows and never holds n x n x d
 * numbers.
 */
export const squaredDifferences = tf.customGrad((...parameters) => {
  const [rows, save] = parameters as unknown as [tf.Tensor2D, tf.GradSaveFunc];
  save([rows]);
  const [n, d] = rows.shape;
  const size = Math.max(1, Math.floor(BLOCK / (n * d)));
  const blocks: tf.Tensor2D[] = [];
  for (let first = 0; first < n; first += size)
    blocks.push(
      tf.tidy(() => {
        const block = tf.slice(rows, [first, 0], [Math.min(size, n - first), d]);
        return tf.sum(tf.square(tf.sub(tf.expandDims(block, 1), tf.expandDims(rows, 0))), 2);
      }),
    );
  const gradFunc = (dy: tf.Tensor, saved: tf.Tensor[]): tf.Tensor =>
    tf.tidy(() => {
      const both = tf.add(dy, tf.transpose(dy));
      return tf.mul(2, tf.sub(tf.mul(tf.sum(both, 1, true), saved[0]), tf.matMul(both, saved[0])));
    });
  return { value: tf.concat(blocks, 0), gradFunc };
}) as (rows: tf.Tensor2D) => tf.Tensor2D;
