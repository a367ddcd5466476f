import * as tf from '../../tf.js';
import { columnSums } from './elementwise.js';
import { fused, operation } from './fused.js';

/**
 * Computes (x - mean) / sqrt(variance + eps) scale + shift for each row.
 *
 * @param x `[n, d] float32`
 * @param affine scale and shift, `[d] float32`; none: (x - mean) / sqrt(variance + eps)
 */
export function layerNorm(x: tf.Tensor2D, epsilon: number, affine?: readonly [tf.Tensor1D, tf.Tensor1D]): tf.Tensor2D {
  const [scale, shift] = affine ?? [];
  return operation([x, ...(affine ?? [])], () => {
    const [y, means, inverses] = fused('RowsLayerNorm', { x, scale, shift }, { epsilon }) ?? normalized(x, epsilon, affine); // prettier-ignore
    return {
      value: y as tf.Tensor2D,
      saved: [x, means, inverses, ...(scale === undefined ? [] : [scale])],
      gradients(dy, saved) {
        const [input, mean, inverse, factor] = saved as (tf.Tensor | undefined)[] as [tf.Tensor, tf.Tensor, tf.Tensor, tf.Tensor | undefined]; // prettier-ignore
        const given = { dy, x: input, scale: factor, means: mean, inverses: inverse };
        return fused('RowsLayerNormGradient', given) ?? gradientsOf(dy, input, mean, inverse, factor);
      },
    };
  });
}

function normalized(x: tf.Tensor, epsilon: number, affine?: readonly [tf.Tensor, tf.Tensor]): tf.Tensor[] {
  const mean = tf.mean(x, 1, true);
  const centred = tf.sub(x, mean);
  const inverse = tf.rsqrt(tf.add(tf.mean(tf.square(centred), 1, true), epsilon));
  const hat = tf.mul(centred, inverse);
  return [affine === undefined ? hat : tf.add(tf.mul(hat, affine[0]), affine[1]), mean, inverse];
}

function gradientsOf(dy: tf.Tensor, x: tf.Tensor, mean: tf.Tensor, inverse: tf.Tensor, scale?: tf.Tensor): tf.Tensor[] {
  const hat = tf.mul(tf.sub(x, mean), inverse);
  const g = scale === undefined ? dy : tf.mul(dy, scale);
  const along = tf.mean(tf.mul(g, hat), 1, true);
  const dx = tf.mul(tf.sub(tf.sub(g, tf.mean(g, 1, true)), tf.mul(hat, along)), inverse);
  return scale === undefined ? [dx] : [dx, columnSums(tf.mul(dy, hat)), columnSums(dy)];
}
