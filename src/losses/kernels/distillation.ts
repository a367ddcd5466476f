import type { LossParameters } from '../../catalogue/losses.js';
import type { Supervision } from '../embedding-loss.js';
import { teachersOf } from '../shared/supervision.js';
import { readWeightType, type TripletWeightParameters } from '../shared/teacher-weights.js';
import type { Batch } from './batch.js';
import type { FusedFunction } from './fused.js';
import type { Matrix } from './kernels.js';

/** What the original adds to denominators. */
export const EPSILON = 1e-12;

interface PairWeights {
  readonly positive: Matrix;
  readonly negative: Matrix;
}

function pairWeights(batch: Batch, distances: Matrix, tau: number, squared: boolean): PairWeights {
  const [positive, negative] = [batch.matrix(), batch.matrix()];
  batch.kernels.pairWeights(distances, batch.n, batch.width, tau, squared, positive, negative);
  return { positive, negative };
}

/** Computes the weights of pairs from the mean distances of the teachers. */
const teacherWeights = (batch: Batch, supervision: Supervision, tau: number, squared: boolean): PairWeights =>
  pairWeights(batch, batch.teacherDistances(teachersOf(supervision, batch.n), false), tau, squared);

/** Makes the fused form of the loss of the same name in src/losses. */
export const relaxedContrastive =
  ({ margin, tau }: LossParameters<'relaxed_contrastive'>): FusedFunction =>
  (batch, supervision) => {
    const { kernels, n, width } = batch;
    const { positive, negative } = teacherWeights(batch, supervision, tau, true);
    const [distances, pairGradients] = [batch.distances(), batch.matrix()];
    const sum = kernels.relaxedContrastive(distances, positive, negative, n, width, margin, pairGradients);
    kernels.bySquares(distances, n, width, pairGradients);
    return { sum, scale: 1 / Math.max(n * (n - 1), 1), by: 'squares', pairGradients };
  };

/** Makes the fused form of the loss of the same name in src/losses. */
export const relaxedInfonce =
  ({ tau }: LossParameters<'relaxed_infonce'>): FusedFunction =>
  (batch, supervision) => {
    const { kernels, n, width } = batch;
    const { positive, negative } = teacherWeights(batch, supervision, tau, false);
    const pairGradients = batch.matrix();
    const sum = kernels.nce(
      batch.similarities(),
      positive,
      negative,
      n,
      width,
      tau,
      1,
      10,
      pairGradients,
      batch.scratch(2),
    );
    return { sum, scale: 1 / (kernels.sum(positive, n, width) + EPSILON), by: 'similarities', pairGradients };
  };

/** Makes the fused form of the loss of the same name in src/losses. */
export const relaxedMultisimilarity =
  ({ tau, margin, alpha, beta }: LossParameters<'relaxed_multisimilarity'>): FusedFunction =>
  (batch, supervision) => {
    const { kernels, n, width } = batch;
    const { positive, negative } = teacherWeights(batch, supervision, tau, true);
    const values = batch.values(negative);
    for (let i = 0; i < n; i++) values[i * width + i] = 1;
    const [similarities, pairGradients, scratch] = [batch.similarities(), batch.matrix(), batch.scratch(1)];
    const sum = kernels.multiSimilarity(
      similarities,
      positive,
      negative,
      n,
      width,
      margin,
      alpha,
      beta,
      false,
      pairGradients,
      scratch,
    );
    return { sum, scale: 1 / n, by: 'similarities', pairGradients };
  };

/** Returns which kernel weights the triplets, and its two factors. */
function tripletFactors(
  batch: Batch,
  theirs: Matrix,
  { positive, negative }: PairWeights,
  { triplet_weight_type, tau, margin2 = 0 }: TripletWeightParameters,
): { kind: 'Pairs' | 'Relations'; a: Matrix; b: Matrix } {
  if (readWeightType(triplet_weight_type).fromPairs) return { kind: 'Pairs', a: positive, b: negative };
  const [a, b] = [batch.matrix(), batch.matrix()];
  batch.kernels.relationFactors(theirs, batch.n, batch.width, tau, margin2, a, b);
  return { kind: 'Relations', a, b };
}

/** Makes the fused form of the loss of the same name in src/losses. */
export const relaxedTriplet = (parameters: LossParameters<'relaxed_triplet'>): FusedFunction => {
  return (batch, supervision) => {
    const { kernels, n, width } = batch;
    const theirs = batch.teacherDistances(teachersOf(supervision, n), false);
    const pairs = pairWeights(batch, theirs, parameters.tau, false);
    const { kind, a, b } = tripletFactors(batch, theirs, pairs, parameters);
    const [distances, pairGradients] = [batch.distances(), batch.matrix()];
    const sum = kernels[`hingesBy${kind}`](distances, a, b, n, width, parameters.margin, pairGradients);
    const weights = kind === 'Relations' ? kernels.sumOfWeights() : sumOfProducts(batch, a, b);
    kernels.bySquares(distances, n, width, pairGradients);
    return { sum, scale: 1 / (weights + EPSILON), by: 'squares', pairGradients };
  };
};

/** Computes the sum over i, j, k of a_ij b_ik. */
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

/** Makes the fused form of the loss of the same name in src/losses. */
export const relaxedFacenet = (parameters: LossParameters<'relaxed_facenet'>): FusedFunction => {
  const { squared } = readWeightType(parameters.triplet_weight_type);
  const { tau, margin, semihard_loss_threshold: threshold } = parameters;
  return (batch, supervision) => {
    const { kernels, n, width } = batch;
    const theirs = batch.teacherDistances(teachersOf(supervision, n), false);
    const pairs = pairWeights(batch, theirs, tau, squared);
    const { kind, a, b } = tripletFactors(batch, theirs, pairs, parameters);
    const [distances, pairGradients, scratch] = [batch.distances(), batch.matrix(), batch.scratch(3)];
    const kernel = kernels[`semihardBy${kind}`];
    const sum = kernel(
      distances,
      a,
      b,
      pairs.positive,
      n,
      width,
      margin,
      threshold > 0,
      threshold,
      pairGradients,
      scratch,
    );
    kernels.bySquares(distances, n, width, pairGradients);
    return { sum, scale: 1 / (kernels.sumOfWeights() + EPSILON), by: 'squares', pairGradients };
  };
};

/** Makes the fused form of the loss of the same name in src/losses. */
export const mtt =
  ({ teacher_margin, margin }: LossParameters<'mtt'>): FusedFunction =>
  (batch, supervision) => {
    const { kernels, n, width } = batch;
    const teachers = teachersOf(supervision, n);
    const theirs = batch.teacherDistances(teachers, true);
    const [distances, pairGradients, mask] = [batch.distances(), batch.matrix(), batch.scratch(1)];
    const { count } = teachers;
    const sum = kernels.hingesByVotes(distances, theirs, count, teacher_margin, n, width, margin, pairGradients, mask);
    kernels.bySquares(distances, n, width, pairGradients);
    return { sum, scale: 1 / (kernels.sumOfWeights() + EPSILON), by: 'squares', pairGradients };
  };
