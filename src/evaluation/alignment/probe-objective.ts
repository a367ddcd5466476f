import type { Objective } from '../../optimizers/lbfgs.js';
import * as tf from '../../tf.js';

/** The similarity of transformed features. Training needs it smooth: `euclidean` is -|z_i - z_j|^2 / 2. */
export type ProbeSimilarity = 'dot' | 'euclidean';

/** Features of items, and people's answers about them. */
export interface ProbeData {
  /** `[n, size] float32` */
  readonly rows: Float32Array;
  readonly size: number;
  /** `[3m] int32`, rows: the odd one last, or anchor, positive, negative. */
  readonly triplets: Int32Array;
  readonly directed: boolean;
  readonly similarity: ProbeSimilarity;
}

/**
 * Returns the mean over triplets of -log of the probability of the given answer, and its gradient with respect to the
 * products of rows.
 *
 * With s the similarities, the probability is exp(s01) / sum over pairs of exp(s): pairs 01, 02 when directed, all
 * three when not. `products` are [n, n], z_i z_j. Their gradient C is made symmetric, so that the gradient with respect
 * to z is C z.
 */
export function answerLoss(
  products: Float32Array,
  n: number,
  { triplets, directed, similarity }: Pick<ProbeData, 'triplets' | 'directed' | 'similarity'>,
  gradient?: Float32Array,
): number {
  const euclidean = similarity === 'euclidean';
  const at = (i: number, j: number): number =>
    products[i * n + j] - (euclidean ? (products[i * n + i] + products[j * n + j]) / 2 : 0);
  const add = (i: number, j: number, value: number): void => {
    gradient![i * n + j] += value;
    gradient![j * n + i] += value;
    if (!euclidean) return;
    gradient![i * n + i] -= value;
    gradient![j * n + j] -= value;
  };
  const count = triplets.length / 3;
  let total = 0;
  for (let t = 0; t < triplets.length; t += 3) {
    const [a, b, c] = [triplets[t], triplets[t + 1], triplets[t + 2]];
    const [s, u, v] = [at(a, b), at(a, c), directed ? -Infinity : at(b, c)];
    const most = Math.max(s, u, v);
    const [es, eu, ev] = [Math.exp(s - most), Math.exp(u - most), Math.exp(v - most)];
    const sum = es + eu + ev;
    total += Math.log(sum) - (s - most);
    if (gradient === undefined) continue;
    add(a, b, (es / sum - 1) / count);
    add(a, c, eu / sum / count);
    if (!directed) add(b, c, ev / sum / count);
  }
  return total / count;
}

/**
 * Returns the squared distance of a matrix to the nearest multiple of the identity, |W - m I|^2 with m = tr W / size,
 * and the difference W - m I.
 *
 * @param point `[size + 1, size]`: W, then the bias, which does not count: its difference is 0
 */
export function offIdentity(point: Float64Array, size: number): { value: number; difference: Float64Array } {
  let trace = 0;
  for (let k = 0; k < size; k++) trace += point[k * size + k];
  const difference = point.slice().fill(0, size * size);
  for (let k = 0; k < size; k++) difference[k * size + k] -= trace / size;
  let value = 0;
  for (let i = 0; i < size * size; i++) value += difference[i] * difference[i];
  return { value, difference };
}

/**
 * Returns the loss of a linear transform of features, z = x W + b: {@link answerLoss} plus
 * penalty / m |W - (tr W / size) I|^2 over m triplets, so that a penalty means the same for every m.
 *
 * The scale of W is free: a temperature of the similarities would only change the unit of the penalty. The products run
 * on the engine in float32, the sum over triplets in float64.
 *
 * @param features `[n, size + 1]`, the last column 1
 */
export function probeObjective(features: tf.Tensor2D, data: ProbeData, penalty: number): Objective {
  const [n] = features.shape;
  const { size, triplets } = data;
  const weight = penalty / (triplets.length / 3);
  return async (point) => {
    const transform = tf.tensor2d(Float32Array.from(point), [size + 1, size]);
    const rows = tf.matMul(features, transform);
    const all = tf.matMul(rows, rows, false, true);
    const change = new Float32Array(n * n);
    const loss = answerLoss((await all.data()) as Float32Array, n, data, change);
    const gradientTensor = tf.tidy(() => tf.matMul(features, tf.matMul(tf.tensor2d(change, [n, n]), rows), true));
    const gradient = Float64Array.from(await gradientTensor.data());
    tf.dispose([transform, rows, all, gradientTensor]);
    const { value, difference } = offIdentity(point, size);
    for (let i = 0; i < gradient.length; i++) gradient[i] += 2 * weight * difference[i];
    return { value: loss + weight * value, gradient };
  };
}
