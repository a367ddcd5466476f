import type { LossParameters } from '../../catalogue/losses.js';
import { huberOf, areOneHot, oneHotAngleLoss } from '../shared/one-hot.js';
import { minerOf, studentRows, teacherRowsOf, type TeacherEmbeddings } from '../shared/mining.js';
import { teachersOf } from '../shared/supervision.js';
import type { RandomStream } from '../../random/stream.js';
import type { Batch } from './batch.js';
import type { FusedFunction } from './fused.js';
import type { Matrix } from './kernels.js';

const ANGLE_WEIGHT = 2;

/** Makes the fused form of the loss of the same name in src/losses. */
export const rkd = ({ batch_mining }: LossParameters<'rkd'>, stream?: RandomStream): FusedFunction => {
  const mine = minerOf(batch_mining, stream);
  return (batch, supervision) => {
    const { kernels, n, width, d } = batch;
    const teachers = teachersOf(supervision, n);
    const pairGradients = batch.matrix();
    const distances = batch.distances();
    let sum = kernels.relativeDistances(distances, batch.teacherDistances(teachers, false), n, width, pairGradients);
    kernels.bySquares(distances, n, width, pairGradients);

    const [student, first] = [studentRows(batch.embeddings, d), teacherRowsOf(teachers, 0)];
    const oneHot = areOneHot(first, n);
    const triplets = mine?.(student, first, n);
    if (oneHot) {
      const all = Array.from({ length: teachers.count }, (_, t) => teacherRowsOf(teachers, t));
      sum += ANGLE_WEIGHT * n ** 2 * oneHotAngleLoss(student, all, n, triplets);
    } else {
      // the gradient of the mean over n^3 (or over the triplets) has its own scale beside that of the mean over n^2
      const angles = batch.matrix();
      const scale = (ANGLE_WEIGHT * n ** 2) / (triplets === undefined ? n ** 3 : Math.max(triplets.length / 3, 1));
      sum +=
        scale *
        (triplets === undefined ? allAngles(batch, teachers, angles) : minedAngles(batch, teachers, triplets, angles));
      const [to, from] = [batch.values(pairGradients), batch.values(angles)];
      for (let at = 0; at < to.length; at++) to[at] += scale * from[at];
    }
    return { sum, scale: 1 / n ** 2, by: 'squares', pairGradients };
  };
};

function allAngles(batch: Batch, teachers: TeacherEmbeddings, pairGradients: Matrix): number {
  const { kernels, n, width } = batch;
  const [squares, theirs] = [batch.squares(), batch.teacherSquares(teachers)];
  const [roots, theirRoots] = [batch.matrix(), batch.matrix(teachers.count)];
  kernels.inverseRoots(squares, width * width, roots);
  kernels.inverseRoots(theirs, teachers.count * width * width, theirRoots);
  return kernels.angles(squares, roots, theirs, theirRoots, teachers.count, n, width, pairGradients, batch.scratch(3));
}

/** Sums the Huber losses at triplets `[m, 3]`; adds their gradients to `pairGradients`. */
function minedAngles(batch: Batch, teachers: TeacherEmbeddings, triplets: Int32Array, pairGradients: Matrix): number {
  const { n, width } = batch;
  const [own, theirs] = [batch.squares(), batch.teacherSquares(teachers)];
  const [q, g] = [batch.values(own), batch.values(pairGradients)];
  const all = batch.memory.floats(theirs, teachers.count * width * width);
  const inverse = (x: number): number => (x > 0 ? 1 / Math.sqrt(x) : 0);
  let sum = 0;
  for (let m = 0; m < triplets.length; m += 3) {
    const [i, j, k] = triplets.subarray(m, m + 3);
    const [ij, ik, jk] = [i * width + j, i * width + k, j * width + k];
    let target = 0;
    for (let t = 0, at = 0; t < teachers.count; t++, at += width * width)
      target += (all[at + ij] + all[at + ik] - all[at + jk]) * inverse(all[at + ij]) * inverse(all[at + ik]);
    const roots = inverse(q[ij]) * inverse(q[ik]);
    const cosine = 0.5 * (q[ij] + q[ik] - q[jk]) * roots;
    const x = cosine - (0.5 * target) / teachers.count;
    sum += huberOf(x);
    if (roots === 0) continue;
    const gradient = Math.max(-1, Math.min(1, x));
    g[ij] += gradient * (0.5 * roots - (0.5 * cosine) / q[ij]);
    g[ik] += gradient * (0.5 * roots - (0.5 * cosine) / q[ik]);
    g[jk] -= gradient * 0.5 * roots;
  }
  return n === 0 ? 0 : sum;
}
