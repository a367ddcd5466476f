import type { LossParameters } from '../../catalogue/losses.js';
import { minerOf, studentRows, teacherRowsOf } from '../shared/mining.js';
import { teachersOf } from '../shared/supervision.js';
import type { RandomStream } from '../../random/stream.js';
import type { Batch } from './batch.js';
import type { FusedFunction } from './fused.js';
import type { Matrix } from './kernels.js';

/** Makes the fused form of the loss of the same name in src/losses. */
export const stmr = ({ tau, beta, batch_mining }: LossParameters<'stmr'>, stream?: RandomStream): FusedFunction => {
  const mine = minerOf(batch_mining, stream);
  return (batch, supervision) => {
    const { kernels, n, width, d } = batch;
    const teachers = teachersOf(supervision, n);
    const [theirs, distances, pairGradients] = [
      batch.teacherDistances(teachers, false),
      batch.distances(),
      batch.matrix(),
    ];
    const triplets = mine?.(studentRows(batch.embeddings, d), teacherRowsOf(teachers, 0), n);
    let sum: number;
    if (triplets !== undefined) sum = minedRegression(batch, distances, theirs, triplets, tau, beta, pairGradients);
    else if (kernels.regressionSpan(distances, theirs, n, width, tau, beta) <= 1)
      sum = kernels.regression(distances, theirs, n, width, tau, beta, pairGradients, batch.scratch(5));
    else sum = kernels.regressionStepwise(distances, theirs, n, width, tau, beta, pairGradients);
    // the kernels give tau x the sum, but gradients divided by tau: those lack the factor tau
    const values = batch.values(pairGradients);
    for (let at = 0; at < values.length; at++) values[at] *= tau;
    kernels.bySquares(distances, n, width, pairGradients);
    const terms = triplets === undefined ? n ** 3 : Math.max(triplets.length / 3, 1);
    return { sum, scale: 1 / (terms * tau), by: 'squares', pairGradients };
  };
};

const clampedLog = (x: number): number => Math.log(Math.max(1e-12, Math.min(x, 1e12)));

/** Computes tau x the sum of the terms at triplets `[m, 3]`; adds their gradients, divided by tau. */
function minedRegression(
  batch: Batch,
  distances: Matrix,
  theirs: Matrix,
  triplets: Int32Array,
  tau: number,
  beta: number,
  pairGradients: Matrix,
): number {
  const { width } = batch;
  const [own, teacher, g] = [distances, theirs, pairGradients].map((matrix) => batch.values(matrix));
  let sum = 0;
  for (let m = 0; m < triplets.length; m += 3) {
    const [ij, ik] = [triplets[m + 1], triplets[m + 2]].map((other) => triplets[m] * width + other);
    const [s, t] = [teacher[ik] - teacher[ij], own[ik] - own[ij]];
    const a = Math.fround(1 / (1 + Math.exp(-s / beta)));
    const x = tau * (s - t) + clampedLog(Math.fround(1 / a) - 1);
    const [up, down] = [1 + Math.exp(x), 1 + Math.exp(-x)];
    sum += a * clampedLog(up) + (1 - a) * clampedLog(down);
    const gradient = (up <= 1e12 ? a * (1 - 1 / up) : 0) - (down <= 1e12 ? (1 - a) * (1 - 1 / down) : 0);
    g[ij] += gradient;
    g[ik] -= gradient;
  }
  return sum;
}
