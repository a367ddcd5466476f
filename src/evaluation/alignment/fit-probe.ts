import { Interrupted } from '../../errors.js';
import { lbfgs, type Objective } from '../../optimizers/lbfgs.js';
import * as tf from '../../tf.js';
import { answerLoss, probeObjective, type ProbeData } from './probe-objective.js';

/** The penalties that are tried, the strongest first. */
export const penalties = [1e4, 1e3, 100, 10, 1, 0.1, 0.01] as const;

/** Most steps of a fit that later ones continue from, and of the last one: features on unequal scales need many. */
const [STEPS, LAST_STEPS] = [50, 300];

/** Scales that are tried for the identity: 2^-4 to 2^6. */
const scales = Array.from({ length: 11 }, (_, i) => 2 ** (i - 4));

/** A linear transform of features: z = x W + b. */
export interface FittedProbe {
  readonly penalty: number;
  /** `[size, size] float32`, W */
  readonly transform: Float32Array;
  /** `[size] float32` */
  readonly bias: Float32Array;
}

/** Transforms rows by a probe: `[n, size] float32`. */
export async function transformRows(
  rows: Float32Array,
  size: number,
  { transform, bias }: FittedProbe,
): Promise<Float32Array> {
  const result = tf.tidy(() =>
    tf.add(tf.matMul(tf.tensor2d(rows, [rows.length / size, size]), tf.tensor2d(transform, [size, size])), bias),
  );
  const data = (await result.data()) as Float32Array;
  result.dispose();
  return data;
}

/** Returns the dot products of all pairs of rows: `[n, n] float32`. */
export async function rowProducts(rows: Float32Array, size: number): Promise<Float32Array> {
  const products = tf.tidy(() => {
    const x = tf.tensor2d(rows, [rows.length / size, size]);
    return tf.matMul(x, x, false, true);
  });
  const data = (await products.data()) as Float32Array;
  products.dispose();
  return data;
}

/** How features are standardized: (x - mean) / scale, with mean squared length 1 (a scale of 1 if all are equal). */
interface Standardization {
  /** `[size]` */
  readonly mean: Float64Array;
  readonly scale: number;
}

function standardization(rows: Float32Array, size: number): Standardization {
  const n = rows.length / size;
  const mean = new Float64Array(size);
  for (let i = 0; i < rows.length; i++) mean[i % size] += rows[i] / n;
  let squares = 0;
  for (let i = 0; i < rows.length; i++) squares += (rows[i] - mean[i % size]) ** 2;
  return { mean, scale: Math.sqrt(squares / n) || 1 };
}

/** Returns standardized rows with a column of ones: `[n, size + 1]`. */
function withOnes(rows: Float32Array, size: number, { mean, scale }: Standardization): tf.Tensor2D {
  const n = rows.length / size;
  const features = new Float32Array(n * (size + 1)).fill(1);
  for (let i = 0; i < n; i++)
    for (let k = 0; k < size; k++) features[i * (size + 1) + k] = (rows[i * size + k] - mean[k]) / scale;
  return tf.tensor2d(features, [n, size + 1]);
}

/** Returns the transform z = s x at the tried scale s that explains the answers best: `[size + 1, size]`. */
async function scaledIdentity(data: ProbeData, { mean, scale }: Standardization): Promise<Float64Array> {
  const { rows, size } = data;
  const products = await rowProducts(rows, size);
  const losses = scales.map((s) => {
    const factor = (s / scale) ** 2;
    return answerLoss(products.map((value) => factor * value), rows.length / size, data); // prettier-ignore
  });
  const best = scales[losses.indexOf(Math.min(...losses))];
  const start = new Float64Array((size + 1) * size);
  for (let k = 0; k < size; k++) {
    start[k * size + k] = best;
    start[size * size + k] = (best * mean[k]) / scale;
  }
  return start;
}

/** Rewrites a transform of standardized features as one of the unchanged features. */
function ofRawFeatures(point: Float64Array, { mean, scale }: Standardization, penalty: number): FittedProbe {
  const size = mean.length;
  const transform = Float32Array.from(point.subarray(0, size * size), (value) => value / scale);
  const bias = point.slice(size * size);
  for (let k = 0; k < size; k++) for (let l = 0; l < size; l++) bias[l] -= (mean[k] / scale) * point[k * size + l];
  return { penalty, transform, bias: Float32Array.from(bias) };
}

/**
 * Fits the linear probe at one penalty after another. Each fit starts where the one before ended, and the first starts
 * with the unchanged features.
 *
 * @param go receives each fit, and says whether to go on to the next
 * @throws Interrupted where the signal ends it
 */
export async function fitProbes(
  data: ProbeData,
  atPenalties: readonly number[],
  go: (probe: FittedProbe) => Promise<boolean> | boolean,
  signal?: AbortSignal,
): Promise<void> {
  const standard = standardization(data.rows, data.size);
  const features = withOnes(data.rows, data.size, standard);
  try {
    let point = await scaledIdentity(data, standard);
    for (const [nth, penalty] of atPenalties.entries()) {
      const iterations = nth + 1 < atPenalties.length ? STEPS : LAST_STEPS;
      const loss = probeObjective(features, data, penalty);
      const objective: Objective = (at) => {
        if (signal?.aborted) throw new Interrupted('interrupted while a probe was fit; run the same command again');
        return loss(at);
      };
      ({ point } = await lbfgs(objective, point, { iterations }));
      if (!(await go(ofRawFeatures(point, standard, penalty)))) return;
    }
  } finally {
    features.dispose();
  }
}
