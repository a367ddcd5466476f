import * as tf from '../../tf.js';
import { fused, operation } from './fused.js';

/** Computes the normal distribution's Phi(x) = (1 + erf(x / sqrt 2)) / 2. */
const distribution = (x: tf.Tensor): tf.Tensor => tf.mul(0.5, tf.add(1, tf.erf(tf.mul(x, Math.SQRT1_2))));

/** Computes x phi(x), where phi is the normal density. */
const weighted = (x: tf.Tensor): tf.Tensor =>
  tf.mul(tf.mul(x, 1 / Math.sqrt(2 * Math.PI)), tf.exp(tf.mul(-0.5, tf.square(x))));

/** Computes x Phi(x), the exact GELU, of any shape, within 4e-7 |x|: erf is formula 7.1.26 of Abramowitz and Stegun. */
export function gelu<T extends tf.Tensor>(x: T): T {
  return operation([x], () => ({
    value: (fused('RowsGelu', { x })?.[0] ?? tf.mul(x, distribution(x))) as T,
    saved: [x],
    gradients: (dy, [u]) =>
      fused('RowsGeluGradient', { dy, x: u }) ?? [tf.mul(dy, tf.add(distribution(u), weighted(u)))],
  }));
}
