import * as tf from '../../tf.js';
import { pairsOf } from './pairs.js';

/** Returns one teacher's rows, `[n, size]`, of `[n, T, size]`. */
export const teacherRows = (teachers: tf.Tensor3D, index: number): tf.Tensor2D =>
  tf.squeeze(tf.slice(teachers, [0, index, 0], [-1, 1, -1]), [1]);

/** Computes the mean of the teachers' distances of all pairs, `[n, n] float32`. */
export function meanDistances(teachers: tf.Tensor3D): tf.Tensor2D {
  const count = teachers.shape[1];
  let sum: tf.Tensor2D = tf.zeros([teachers.shape[0], teachers.shape[0]]);
  for (let t = 0; t < count; t++) {
    const before = sum;
    sum = tf.tidy(() => tf.add(before, pairsOf(teacherRows(teachers, t)).distances));
    before.dispose();
  }
  return tf.div(sum, count);
}

/**
 * Computes each teacher's distances, `[n, n]` each, with all sums added one number after the other in float32, as in
 * the original.
 *
 * If a loss asks which of two distances is greater, their last bits decide ties. Orthogonal rows are an example: their
 * distances are sqrt(2) up to the rounding of their norms.
 */
export function sequentialDistances(data: Float32Array, n: number, count: number, size: number): Float32Array[] {
  const { fround } = Math;
  return Array.from({ length: count }, (_, t) => {
    const products = new Float32Array(n * n);
    for (let i = 0; i < n; i++)
      for (let j = i; j < n; j++) {
        const [a, b] = [(i * count + t) * size, (j * count + t) * size];
        let sum = 0;
        for (let k = 0; k < size; k++) sum = fround(sum + fround(data[a + k] * data[b + k]));
        products[i * n + j] = products[j * n + i] = sum;
      }
    return products.map((product, at) => {
      const [i, j] = [Math.floor(at / n), at % n];
      const norms = fround(products[i * n + i] + products[j * n + j]);
      return Math.sqrt(Math.max(fround(norms - 2 * product), fround(1e-12)));
    });
  });
}
