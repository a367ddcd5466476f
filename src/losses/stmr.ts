import * as tf from '@tensorflow/tfjs';
import type { Stream } from '../random/stream.js';
import { differences, sumOverAnchors } from './anchors.js';
import { exponential, logarithm } from './clamped.js';
import type { DistillationLoss } from './loss.js';
import { column, hostTeachers, minerOf, studentRows, teacherRowsOf } from './mining.js';
import { pairsOf } from './pairs.js';
import { meanDistances } from './teacher-distances.js';

export interface StmrParameters {
  readonly tau: number;
  readonly beta: number;
  /** The mean is over drawn triplets instead of all. */
  readonly batch_mining?: string | null;
}

/**
 * Soft triplet margin regression: mean over n^3 of [a log(1 + exp(tau (s - t + g))) + (1 - a) log(1 + exp(tau (t - s -
 * g)))] / tau, where s = Dbar_ik - Dbar_ij of the teachers, t = D_ik - D_ij, a = sigmoid(s / beta) and
 * g = log(1/a - 1) / tau.
 *
 * @param stream what batch mining draws from
 */
export const stmr = ({ tau, beta, batch_mining }: StmrParameters, stream?: Stream): DistillationLoss => {
  const mine = minerOf(batch_mining, stream);
  const terms = (s: tf.Tensor, t: tf.Tensor): tf.Tensor => {
    const a = tf.sigmoid(tf.div(s, beta));
    const g = tf.div(logarithm(tf.sub(tf.div(1, a), 1)), tau);
    const x = tf.mul(tau, tf.add(tf.sub(s, t), g));
    const softplus = (y: tf.Tensor): tf.Tensor => logarithm(tf.add(1, exponential(y)));
    return tf.div(tf.add(tf.mul(a, softplus(x)), tf.mul(tf.sub(1, a), softplus(tf.neg(x)))), tau);
  };
  return (embeddings, teachers) =>
    tf.tidy(() => {
      const [n, d] = embeddings.shape;
      const theirs = meanDistances(teachers);
      const { distances } = pairsOf(embeddings);
      if (mine === undefined) {
        const sum = sumOverAnchors([distances], ([own], rows) =>
          terms(differences(rows(theirs)), differences(rows(own))),
        );
        return tf.div(sum, n ** 3);
      }
      const student = studentRows(embeddings.dataSync() as Float32Array, d);
      const triplets = mine(student, teacherRowsOf(hostTeachers(teachers), 0), n);
      if (triplets.length === 0) return tf.mul(tf.sum(embeddings), 0);
      const [i, j, k] = [0, 1, 2].map((c) => column(triplets, c));
      const [near, far] = [j, k].map((other) => tf.add(tf.mul(i, n), other) as tf.Tensor1D);
      const difference = (matrix: tf.Tensor2D): tf.Tensor => {
        const flat = tf.reshape(matrix, [n * n]);
        return tf.sub(tf.gather(flat, far), tf.gather(flat, near));
      };
      return tf.mean(terms(difference(theirs), difference(distances)));
    });
};
