import * as tf from '../../tf.js';
import { affine } from './elementwise.js';
import { fused, hasKernel, operation } from './fused.js';

function fusedAttention(qkv: tf.Tensor2D, sizes: { batch: number; heads: number }): tf.Tensor2D {
  return operation([qkv], () => {
    const [value, weights] = fused('Attention', { qkv }, sizes)! as [tf.Tensor2D, tf.Tensor?];
    return {
      value,
      saved: weights === undefined ? [qkv] : [qkv, weights],
      gradients: (dy, [x, p]) => fused('AttentionGradient', { dy, qkv: x, weights: p }, sizes)!,
    };
  });
}

/**
 * Computes softmax(q k^T / sqrt(size)) v for each head, as one operation forward and backward.
 *
 * @param qkv `[b n, 3 heads size] float32`: queries, keys and values of all heads
 * @returns `[b n, heads size] float32`
 */
export function attention(qkv: tf.Tensor2D, batch: number, heads: number): tf.Tensor2D {
  if (hasKernel('Attention')) return fusedAttention(qkv, { batch, heads });
  const rows = qkv.shape[0] / batch;
  const size = qkv.shape[1] / (3 * heads);
  const factor = 1 / Math.sqrt(size);
  const whole = heads * rows * size;
  // at most 4 axes: the engines transpose more axes many times slower
  const split = (x: tf.Tensor, parts: number): tf.Tensor3D[] => {
    const byHead = tf.transpose(tf.reshape(x, [batch, rows, parts * heads, size]), [0, 2, 1, 3]);
    const all = tf.reshape(byHead, [batch, parts, whole]) as tf.Tensor3D;
    return Array.from({ length: parts }, (_, part) =>
      tf.reshape(tf.slice(all, [0, part, 0], [batch, 1, whole]), [batch * heads, rows, size]),
    );
  };
  const join = (parts: readonly tf.Tensor3D[]): tf.Tensor2D => {
    const all = tf.concat(parts.map((part) => tf.reshape(part, [batch, 1, whole]) as tf.Tensor3D), 1); // prettier-ignore
    const byHead = tf.reshape(all, [batch, parts.length * heads, rows, size]);
    return tf.reshape(tf.transpose(byHead, [0, 2, 1, 3]), [batch * rows, parts.length * heads * size]);
  };
  return operation([qkv], () => {
    const [q, k, v] = split(qkv, 3);
    const scaled = affine(q, { factor: tf.fill([size], factor) }); // instead of the products, which are more numbers
    const weights = tf.softmax(tf.matMul(scaled, k, false, true)) as tf.Tensor3D;
    return {
      value: join([tf.matMul(weights, v)]),
      saved: [q, k, v, weights],
      gradients(dy, saved) {
        const [queries, keys, values, p] = saved as tf.Tensor3D[];
        const [g] = split(dy, 1);
        const dp = tf.matMul(g, values, false, true);
        const ds = (fused('RowsSoftmaxGradient', { dy: dp, y: p }, { factor })?.[0] ??
          tf.mul(tf.mul(p, tf.sub(dp, tf.sum(tf.mul(dp, p), 2, true))), factor)) as tf.Tensor3D;
        return [join([tf.matMul(ds, keys), tf.matMul(ds, queries, true), tf.matMul(p, g, true)])];
      },
    };
  });
}
