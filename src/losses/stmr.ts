import * as tf from '../tf.js';
import type { LossParameters } from '../catalogue/losses.js';
import type { RandomStream } from '../random/stream.js';
import { differences, sumOverTriplets } from './shared/triplet-blocks.js';
import { EPSILON, exponential, logarithm } from './shared/stable-math.js';
import type { DistillationLoss } from './loss.js';
import { teacherEmbeddings, minerOf, studentRows, teacherRowsOf } from './shared/mining.js';
import { pairsOf } from './shared/pairs.js';
import { meanDistances } from './shared/teacher-distances.js';

/**
 * Makes the loss of soft triplet margin regression: the mean over n^3 of
 * [a log(1 + exp(tau (s - t + g))) + (1 - a) log(1 + exp(tau (t - s - g)))] / tau, where s = Dbar_ik - Dbar_ij of the
 * teachers, t = D_ik - D_ij, a = sigmoid(s / beta) and g = log(1/a - 1) / tau.
 *
 * @param stream what batch mining draws from
 */
export const stmr = ({ tau, beta, batch_mining }: LossParameters<'stmr'>, stream?: RandomStream): DistillationLoss => {
  const mine = minerOf(batch_mining, stream);
  /** Computes a, and x = tau (s - t + g). */
  const coordinates = (s: tf.Tensor, t: tf.Tensor): [tf.Tensor, tf.Tensor] => {
    const a = tf.sigmoid(tf.div(s, beta));
    const g = tf.div(logarithm(tf.sub(tf.div(1, a), 1)), tau);
    return [a, tf.mul(tau, tf.add(tf.sub(s, t), g))];
  };
  const softplus = (y: tf.Tensor): tf.Tensor => logarithm(tf.add(1, exponential(y)));
  const terms = (a: tf.Tensor, x: tf.Tensor): tf.Tensor =>
    tf.div(tf.add(tf.mul(a, softplus(x)), tf.mul(tf.sub(1, a), softplus(tf.neg(x)))), tau);
  /** Computes the derivative of `softplus`; it is 0 where the logarithm is clamped. */
  const slope = (y: tf.Tensor): tf.Tensor =>
    tf.mul(tf.sigmoid(y), tf.cast(tf.lessEqual(tf.add(1, exponential(y)), 1 / EPSILON), 'float32'));
  return (embeddings, teachers) =>
    tf.tidy(() => {
      const [n, d] = embeddings.shape;
      const theirs = meanDistances(teachers);
      const { distances } = pairsOf(embeddings);
      if (mine === undefined) {
        const sum = sumOverTriplets(distances, (difference, rows) => {
          const [a, x] = coordinates(differences(rows(theirs)), difference);
          const pairGradients = tf.sub(tf.mul(tf.sub(1, a), slope(tf.neg(x))), tf.mul(a, slope(x)));
          return { losses: terms(a, x), pairGradients };
        });
        return tf.div(sum, n ** 3);
      }
      const student = studentRows(embeddings.dataSync() as Float32Array, d);
      const triplets = mine(student, teacherRowsOf(teacherEmbeddings(teachers), 0), n);
      if (triplets.length === 0) return tf.mul(tf.sum(embeddings), 0);
      const [positive, negative] = [1, 2].map((corner) =>
        tf.tensor1d(
          Int32Array.from({ length: triplets.length / 3 }, (_, m) => triplets[3 * m] * n + triplets[3 * m + corner]),
          'int32',
        ),
      );
      const difference = (matrix: tf.Tensor2D): tf.Tensor => {
        const flat = tf.reshape(matrix, [n * n]);
        return tf.sub(tf.gather(flat, negative), tf.gather(flat, positive));
      };
      return tf.mean(terms(...coordinates(difference(theirs), difference(distances))));
    });
};
