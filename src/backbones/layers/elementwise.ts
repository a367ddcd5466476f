import * as tf from '../../tf.js';
import { fused } from './fused.js';

/** Says what is done to rows of channels: factor and offset `[c]`, shortcut of the rows' shape, each if given. */
export interface Affine<T extends tf.Tensor> {
  readonly factor?: tf.Tensor1D;
  readonly offset?: tf.Tensor1D;
  readonly shortcut?: T;
  readonly relu?: boolean;
  /** Whether x may be overwritten, since nothing else reads it. */
  readonly over?: boolean;
}

/** Computes relu(x factor + offset + shortcut): `[..., c]`. */
export function affine<T extends tf.Tensor>(x: T, options: Affine<T>): T {
  const { factor, offset, shortcut, relu = false, over = false } = options;
  const attributes = { relu: relu ? 1 : 0, over: over ? 1 : 0 };
  const [result] = fused('RowsAffine', { x, factor, offset, shortcut }, attributes) ?? [];
  if (result !== undefined) return result as T;
  return tf.tidy(() => {
    let y: tf.Tensor = factor === undefined ? x : tf.mul(x, factor);
    if (offset !== undefined) y = tf.add(y, offset);
    if (shortcut !== undefined) y = tf.add(y, shortcut);
    return (relu ? tf.relu(y) : tf.clone(y)) as T;
  });
}

/** Sums over all axes except the last: `[..., c]` -> `[c]`. */
export function columnSums(x: tf.Tensor): tf.Tensor1D {
  const channels = x.shape[x.shape.length - 1];
  return tf.tidy(() => (fused('RowsMaskedSums', { dy: x })?.[1] ?? tf.sum(tf.reshape(x, [-1, channels]), 0)) as tf.Tensor1D); // prettier-ignore
}

/** Computes g = dy where y > 0, else 0 (without y: dy), `[..., c]`, and its sums over all axes but the last, `[c]`. */
export function maskedSums<T extends tf.Tensor>(dy: T, y?: T): { g: T; sums: tf.Tensor1D } {
  const computed = fused('RowsMaskedSums', { dy, y });
  if (computed !== undefined) return { g: computed[0] as T, sums: computed[1] as tf.Tensor1D };
  const g = y === undefined ? dy : (tf.mul(dy, tf.step(y)) as T);
  return { g, sums: columnSums(g) };
}

/** Turns the gradient of the product w factor, which may be overwritten, into those of w and of factor. */
export function scaledGradients<T extends tf.Tensor>(dv: T, w: T, factor: tf.Tensor1D): [T, tf.Tensor1D] {
  const computed = fused('RowsScaledGradient', { dv, w, factor });
  return (computed ?? [tf.mul(dv, factor), columnSums(tf.mul(dv, w))]) as [T, tf.Tensor1D];
}
