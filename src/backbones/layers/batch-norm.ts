import * as tf from '../../tf.js';
import { affine, columnSums, maskedSums } from './elementwise.js';
import { fused, operation } from './fused.js';

/** Holds the tensors of a batch normalization, `[c] float32` each, and its count of batches. */
export interface Norm {
  readonly scale: tf.Variable<tf.Rank.R1>;
  readonly shift: tf.Variable<tf.Rank.R1>;
  readonly mean: tf.Variable<tf.Rank.R1>;
  readonly variance: tf.Variable<tf.Rank.R1>;
  readonly batches: tf.Variable<tf.Rank.R0>;
  readonly epsilon: number;
}

/** The momentum of running statistics, as in PyTorch: new = .9 old + .1 of the batch. */
const MOMENTUM = 0.1;

/** Holds batch normalization with running statistics as x factor + offset, and what its gradient needs: `[c]` each. */
export interface FixedAffine {
  readonly factor: tf.Tensor1D;
  readonly offset: tf.Tensor1D;
  /** 1 / standard deviation */
  readonly inverse: tf.Tensor1D;
  /** What is added to x before it is scaled: the convolution's bias - mean. */
  readonly centre: tf.Tensor1D;
}

/** Returns batch normalization of x + bias with running statistics. */
export function fixedAffine(norm: Norm, bias?: tf.Tensor1D): FixedAffine {
  const inverse = tf.rsqrt(tf.add(norm.variance, norm.epsilon)) as tf.Tensor1D;
  const centre = (bias === undefined ? tf.neg(norm.mean) : tf.sub(bias, norm.mean)) as tf.Tensor1D;
  const factor = tf.mul(norm.scale, inverse) as tf.Tensor1D;
  return { factor, offset: tf.add(norm.shift, tf.mul(centre, factor)) as tf.Tensor1D, inverse, centre };
}

/**
 * Computes relu((x - mean) / sqrt(variance + eps) scale + shift + shortcut) with the batch's mean and variance.
 *
 * It updates the running statistics as PyTorch does: the variance is divided by n in the normalization, by n - 1 in the
 * running variance.
 *
 * @param x `[b, p, q, c] float32`
 * @param bias `[c]`, of the convolution before: it changes only the running mean, and its gradient is 0
 */
export function batchNorm(
  x: tf.Tensor4D,
  norm: Norm,
  { relu = false, shortcut, bias }: { relu?: boolean; shortcut?: tf.Tensor4D; bias?: tf.Tensor1D },
): tf.Tensor4D {
  const operands: tf.Tensor[] = [x, norm.scale, norm.shift];
  if (shortcut !== undefined) operands.push(shortcut);
  if (bias !== undefined) operands.push(bias);
  const rows = x.size / x.shape[3];
  return operation(operands, () => {
    const mean = tf.div(columnSums(x), rows) as tf.Tensor1D;
    const variance = tf.div(squares(x, mean), rows) as tf.Tensor1D;
    updateRunning(norm, bias === undefined ? mean : tf.add(mean, bias), variance, rows);
    const inverse = tf.rsqrt(tf.add(variance, norm.epsilon)) as tf.Tensor1D;
    const factor = tf.mul(norm.scale, inverse) as tf.Tensor1D;
    const offset = tf.sub(norm.shift, tf.mul(mean, factor)) as tf.Tensor1D;
    const y = affine(x, { factor, offset, shortcut, relu });
    return {
      value: y,
      saved: [x, mean, inverse, factor, ...(relu ? [y] : [])],
      gradients(dy, saved) {
        const [input, centre, inverted, scale] = saved as [tf.Tensor4D, tf.Tensor1D, tf.Tensor1D, tf.Tensor1D];
        const { g, sums, products } = centredSums(dy, relu ? (saved[4] as tf.Tensor4D) : undefined, input, centre);
        // dx = scale / sd (g - mean of g - hat (mean of g hat)), with sd the standard deviation, hat = (x - mean) / sd
        const along = tf.neg(tf.mul(scale, tf.mul(tf.square(inverted), tf.div(products, rows)))) as tf.Tensor1D;
        const constant = tf.neg(tf.add(tf.mul(scale, tf.div(sums, rows)), tf.mul(along, centre))) as tf.Tensor1D;
        const gradients: tf.Tensor[] = [combined(g, input, scale, along, constant), tf.mul(products, inverted), sums];
        if (shortcut !== undefined) gradients.push(g);
        if (bias !== undefined) gradients.push(tf.zerosLike(sums));
        return gradients;
      },
    };
  });
}

/** Computes the sums of (x - mean)^2: `[..., c]` -> `[c]`. */
const squares = (x: tf.Tensor4D, mean: tf.Tensor1D): tf.Tensor =>
  fused('RowsSquares', { x, mean })?.[0] ?? columnSums(tf.square(tf.sub(x, mean)));

/** Computes `maskedSums`, and the sums of g (x - mean). */
function centredSums(
  dy: tf.Tensor4D,
  y: tf.Tensor4D | undefined,
  x: tf.Tensor4D,
  mean: tf.Tensor1D,
): { g: tf.Tensor4D; sums: tf.Tensor; products: tf.Tensor } {
  const [kept, sum, product] = fused('RowsMaskedSums', { dy, y, x, mean }) ?? [];
  if (kept !== undefined) return { g: kept as tf.Tensor4D, sums: sum, products: product };
  const { g, sums } = maskedSums(dy, y);
  return { g, sums, products: columnSums(tf.mul(g, tf.sub(x, mean))) };
}

/** Computes a p + b q + offset, where each channel has its own a, b and offset. */
const combined = (p: tf.Tensor4D, q: tf.Tensor4D, a: tf.Tensor, b: tf.Tensor, offset: tf.Tensor): tf.Tensor =>
  fused('RowsCombine', { p, q, a, b, offset })?.[0] ?? tf.add(tf.add(tf.mul(p, a), tf.mul(q, b)), offset);

function updateRunning(norm: Norm, mean: tf.Tensor, variance: tf.Tensor, rows: number): void {
  const follow = (running: tf.Variable, now: tf.Tensor) => {
    running.assign(tf.add(tf.mul(running, 1 - MOMENTUM), tf.mul(now, MOMENTUM)));
  };
  tf.tidy(() => {
    follow(norm.mean, mean);
    follow(norm.variance, tf.mul(variance, rows / Math.max(1, rows - 1)));
    norm.batches.assign(tf.add(norm.batches, tf.scalar(1, 'int32')));
  });
}
