import { checkRelaxedTriplet, type RelaxedTripletParameters } from '../relaxed-triplet.js';
import type { MttParameters } from '../mtt.js';
import type { RelaxedContrastiveParameters } from '../relaxed-contrastive.js';
import type { RelaxedFacenetParameters } from '../relaxed-facenet.js';
import type { RelaxedInfonceParameters } from '../relaxed-infonce.js';
import type { RelaxedMultisimilarityParameters } from '../relaxed-multisimilarity.js';
import { teachersOf } from '../shared/supervision.js';
import { readWeightType } from '../shared/teacher-weights.js';
import type { Batch } from './batch.js';
import type { FusedFunction } from './fused.js';
import type { Matrix } from './kernels.js';

/** The reference's guard of quotients. */
export const EPSILON = 1e-12;

function pairWeights(batch: Batch, distances: Matrix, tau: number, squared: boolean): { near: Matrix; far: Matrix } {
  const [near, far] = [batch.matrix(), batch.matrix()];
  batch.kernels.pairWeights(distances, batch.n, batch.width, tau, squared, near, far);
  return { near, far };
}

/** Fused form of the loss of the same name in src/losses. */
export const relaxedContrastive =
  ({ margin, tau }: RelaxedContrastiveParameters): FusedFunction =>
  (batch, supervision) => {
    const { kernels, n, width } = batch;
    const { near, far } = pairWeights(batch, batch.teacherDistances(teachersOf(supervision, n), false), tau, true);
    const [distances, slopes] = [batch.distances(), batch.matrix()];
    const sum = kernels.relaxedContrastive(distances, near, far, n, width, margin, slopes);
    kernels.bySquares(distances, n, width, slopes);
    return { sum, scale: 1 / Math.max(n * (n - 1), 1), by: 'squares', slopes };
  };

/** Fused form of the loss of the same name in src/losses. */
export const relaxedInfonce =
  ({ tau }: RelaxedInfonceParameters): FusedFunction =>
  (batch, supervision) => {
    const { kernels, n, width } = batch;
    const { near, far } = pairWeights(batch, batch.teacherDistances(teachersOf(supervision, n), false), tau, false);
    const slopes = batch.matrix();
    const sum = kernels.nce(batch.similarities(), near, far, n, width, tau, 1, 10, slopes, batch.scratch(2));
    return { sum, scale: 1 / (kernels.sum(near, n, width) + EPSILON), by: 'similarities', slopes };
  };

/** Fused form of the loss of the same name in src/losses. */
export const relaxedMultisimilarity =
  ({ tau, margin, alpha, beta }: RelaxedMultisimilarityParameters): FusedFunction =>
  (batch, supervision) => {
    const { kernels, n, width } = batch;
    const { near, far } = pairWeights(batch, batch.teacherDistances(teachersOf(supervision, n), false), tau, true);
    const values = batch.values(far);
    for (let i = 0; i < n; i++) values[i * width + i] = 1;
    const [similarities, slopes, scratch] = [batch.similarities(), batch.matrix(), batch.scratch(1)];
    const sum = kernels.multiSimilarity(similarities, near, far, n, width, margin, alpha, beta, false, slopes, scratch);
    return { sum, scale: 1 / n, by: 'similarities', slopes };
  };

/** Weights of triplets: which kernel, and its two factors. */
function tripletFactors(
  batch: Batch,
  theirs: Matrix,
  { near, far }: { near: Matrix; far: Matrix },
  { triplet_weight_type, tau, margin2 = 0 }: RelaxedTripletParameters | RelaxedFacenetParameters,
): { kind: 'Pairs' | 'Relations'; a: Matrix; b: Matrix } {
  if (readWeightType(triplet_weight_type).fromPairs) return { kind: 'Pairs', a: near, b: far };
  const [a, b] = [batch.matrix(), batch.matrix()];
  batch.kernels.relationFactors(theirs, batch.n, batch.width, tau, margin2, a, b);
  return { kind: 'Relations', a, b };
}

/** Fused form of the loss of the same name in src/losses. */
export const relaxedTriplet = (parameters: RelaxedTripletParameters): FusedFunction => {
  checkRelaxedTriplet(parameters);
  return (batch, supervision) => {
    const { kernels, n, width } = batch;
    const theirs = batch.teacherDistances(teachersOf(supervision, n), false);
    const pairs = pairWeights(batch, theirs, parameters.tau, false);
    const { kind, a, b } = tripletFactors(batch, theirs, pairs, parameters);
    const [distances, slopes] = [batch.distances(), batch.matrix()];
    const sum = kernels[`hingesBy${kind}`](distances, a, b, n, width, parameters.margin, slopes);
    const weights = kind === 'Relations' ? kernels.sumOfWeights() : sumOfProducts(batch, a, b);
    kernels.bySquares(distances, n, width, slopes);
    return { sum, scale: 1 / (weights + EPSILON), by: 'squares', slopes };
  };
};

/** Sum over i, j, k of a_ij b_ik. */
function sumOfProducts(batch: Batch, a: Matrix, b: Matrix): number {
  const { n, width } = batch;
  const rowSum = (values: Float32Array, i: number): number => {
    let sum = 0;
    for (let j = i * width; j < i * width + n; j++) sum += values[j];
    return sum;
  };
  const [x, y] = [batch.values(a), batch.values(b)];
  let total = 0;
  for (let i = 0; i < n; i++) total += rowSum(x, i) * rowSum(y, i);
  return total;
}

/** Fused form of the loss of the same name in src/losses. */
export const relaxedFacenet = (parameters: RelaxedFacenetParameters): FusedFunction => {
  const { squared } = readWeightType(parameters.triplet_weight_type);
  const { tau, margin, semihard_loss_threshold: threshold } = parameters;
  return (batch, supervision) => {
    const { kernels, n, width } = batch;
    const theirs = batch.teacherDistances(teachersOf(supervision, n), false);
    const pairs = pairWeights(batch, theirs, tau, squared);
    const { kind, a, b } = tripletFactors(batch, theirs, pairs, parameters);
    const [distances, slopes, scratch] = [batch.distances(), batch.matrix(), batch.scratch(3)];
    const kernel = kernels[`semihardBy${kind}`];
    const sum = kernel(distances, a, b, pairs.near, n, width, margin, threshold > 0, threshold, slopes, scratch);
    kernels.bySquares(distances, n, width, slopes);
    return { sum, scale: 1 / (kernels.sumOfWeights() + EPSILON), by: 'squares', slopes };
  };
};

/** Fused form of the loss of the same name in src/losses. */
export const mtt =
  ({ teacher_margin, margin }: MttParameters): FusedFunction =>
  (batch, supervision) => {
    const { kernels, n, width } = batch;
    const teachers = teachersOf(supervision, n);
    const theirs = batch.teacherDistances(teachers, true);
    const [distances, slopes, mask] = [batch.distances(), batch.matrix(), batch.scratch(1)];
    const { count } = teachers;
    const sum = kernels.hingesByVotes(distances, theirs, count, teacher_margin, n, width, margin, slopes, mask);
    kernels.bySquares(distances, n, width, slopes);
    return { sum, scale: 1 / (kernels.sumOfWeights() + EPSILON), by: 'squares', slopes };
  };
