import * as tf from '../../tf.js';
import { root } from './stable-math.js';

/** Holds values of all pairs of rows, `[n, n] float32` each. */
export interface Pairs {
  readonly similarities: tf.Tensor2D;
  /** Squared distances: max(|a|^2 + |b|^2 - 2 a.b, 0). */
  readonly squares: tf.Tensor2D;
  /** sqrt(max(squares, 1e-12)): for equal rows 1e-6, without gradient. */
  readonly distances: tf.Tensor2D;
}

/** Computes dot products and distances of all pairs of the rows `[n, d] float32`. */
export function pairsOf(rows: tf.Tensor2D): Pairs {
  const similarities: tf.Tensor2D = tf.matMul(rows, rows, false, true);
  const n = rows.shape[0];
  const norms = tf.sum(tf.mul(similarities, tf.eye(n)), 1, true); // the diagonal itself, so that rounding is the same
  const squares = tf.maximum<tf.Tensor2D>(tf.sub(tf.add(norms, tf.transpose(norms)), tf.mul(similarities, 2)), 0);
  return { similarities, squares, distances: root(squares) as tf.Tensor2D };
}

/** Returns a matrix of ones with diagonal 0, `[n, n] float32`. */
export const offDiagonal = (n: number): tf.Tensor2D => tf.sub(1, tf.eye(n));
