import * as tf from '../tf.js';
import type { LossParameters } from '../catalogue/losses.js';
import { quotient } from './shared/stable-math.js';
import type { DistillationLoss } from './loss.js';
import { contrastedLogarithms } from './shared/nce.js';
import { pairsOf } from './shared/pairs.js';
import { meanDistances } from './shared/teacher-distances.js';
import { pairWeights } from './shared/teacher-weights.js';
import { pairwiseSum } from './shared/pairwise-sum.js';

const RHO = 10;

/**
 * Makes the relaxed InfoNCE loss: the sum of -w_ij log(p_ij / (p_ij + sum_k v_ik e_ik)) divided by the sum of w_ij,
 * where p = w e, e = exp(S / tau - 10 I - the greatest of the row), w = exp(-Dbar / tau) and v = 1 - w, both with
 * diagonal 0.
 */
export const relaxedInfonce =
  ({ tau }: LossParameters<'relaxed_infonce'>): DistillationLoss =>
  (embeddings, teachers) =>
    tf.tidy(() => {
      const { positive, negative } = pairWeights(meanDistances(teachers), tau, false);
      const own = tf.mul(tf.eye(embeddings.shape[0]), RHO);
      const scores = tf.sub(tf.div(pairsOf(embeddings).similarities, tau), own);
      return quotient(
        tf.neg(pairwiseSum(tf.mul(positive, contrastedLogarithms(scores, positive, negative)))),
        pairwiseSum(positive),
      );
    });
