import * as tf from '../../tf.js';
import { root } from './stable-math.js';

/** Of all pairs of rows, `[n, n] float32` each. */
export interface Pairs {
  readonly similarities: tf.Tensor2D;
  /** max(|a|^2 + |b|^2 - 2 a.b, 0). */
  readonly squares: tf.Tensor2D;
  /** sqrt(max(squares, 1e-12)): 1e-6 without gradient for equal rows. */
  readonly distances: tf.Tensor2D;
}

/** Dot products and distances of all pairs of the rows `[n, d] float32`. */
export function pairsOf(rows: tf.Tensor2D): Pairs {
  const similarities: tf.Tensor2D = tf.matMul(rows, rows, false, true);
  const n = rows.shape[0];
  const norms = tf.sum(tf.mul(similarities, tf.eye(n)), 1, true); // the diagonal, whatever the products' rounding
  const squares = tf.maximum<tf.Tensor2D>(tf.sub(tf.add(norms, tf.transpose(norms)), tf.mul(similarities, 2)), 0);
  return { similarities, squares, distances: root(squares) as tf.Tensor2D };
}

/** All but the diagonal 1: `[n, n] float32`. */
export const offDiagonal = (n: number): tf.Tensor2D => tf.sub(1, tf.eye(n));
