import * as tf from '../tf.js';
import type { LossParameters } from '../catalogue/losses.js';
import type { RandomStream } from '../random/stream.js';
import { angleLoss, minedAngleLoss } from './shared/angles.js';
import { huber, quotient } from './shared/stable-math.js';
import type { DistillationLoss } from './loss.js';
import { teacherEmbeddings, minerOf, studentRows, teacherRowsOf } from './shared/mining.js';
import { areOneHot, oneHotAngleLoss } from './shared/one-hot.js';
import { pairsOf } from './shared/pairs.js';
import { meanDistances } from './shared/teacher-distances.js';
import { pairwiseSum } from './shared/pairwise-sum.js';

const ANGLE_WEIGHT = 2;

/** Divides each distance by the mean of its row's distances to other items. */
function relative(distances: tf.Tensor2D): tf.Tensor {
  const others = Math.max(distances.shape[0] - 1, 1);
  return quotient(distances, tf.div(tf.sum(distances, 1, true), others));
}

/**
 * Makes the loss of relational knowledge distillation: the mean over n^2 of the Huber loss between the relative
 * distances of student and teachers, plus 2 x the mean over n^3 of the Huber loss between the cosines of the angles at
 * i between e_i - e_j and e_i - e_k. The teachers' distances and cosines are averaged.
 *
 * If the first teacher is one-hot, both cosines are those of one-hot vectors; the student's has its 1 at the greatest
 * coordinate. The angle term then has no gradient, as in the original.
 *
 * After Park, Kim, Lu, Cho, *Relational knowledge distillation*, CVPR 2019.
 *
 * @param stream what batch mining draws from
 */
export const rkd = ({ batch_mining }: LossParameters<'rkd'>, stream?: RandomStream): DistillationLoss => {
  const mine = minerOf(batch_mining, stream);
  return (embeddings, teachers) =>
    tf.tidy(() => {
      const { distances } = pairsOf(embeddings);
      const losses = huber(tf.sub(relative(distances), relative(meanDistances(teachers))));
      const term = tf.div(pairwiseSum(losses), embeddings.shape[0] ** 2);
      return tf.add(term, tf.mul(ANGLE_WEIGHT, angleTerm(embeddings, teachers, mine)));
    });
};

function angleTerm(
  embeddings: tf.Tensor2D,
  teachers: tf.Tensor3D,
  mine: ReturnType<typeof minerOf>,
): tf.Scalar | number {
  const [n, d] = embeddings.shape;
  const host = teacherEmbeddings(teachers);
  const first = teacherRowsOf(host, 0);
  const oneHot = areOneHot(first, n);
  if (mine === undefined && !oneHot) return angleLoss(embeddings, teachers);
  const student = studentRows(embeddings.dataSync() as Float32Array, d);
  const triplets = mine?.(student, first, n);
  if (triplets === undefined || oneHot) {
    const all = Array.from({ length: host.count }, (_, t) => teacherRowsOf(host, t));
    return oneHotAngleLoss(student, all, n, triplets);
  }
  return triplets.length === 0 ? 0 : minedAngleLoss(embeddings, teachers, triplets);
}
