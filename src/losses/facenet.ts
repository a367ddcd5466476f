import * as tf from '../tf.js';
import type { LossParameters } from '../catalogue/losses.js';
import { sumOverTriplets } from './shared/triplet-blocks.js';
import { quotient } from './shared/stable-math.js';
import { classPairs } from './shared/class-pairs.js';
import type { ClassLoss } from './loss.js';
import { pairsOf } from './shared/pairs.js';
import { semihardLosses } from './shared/semihard.js';
import { pairwiseSum } from './shared/pairwise-sum.js';

/**
 * Makes FaceNet's loss with semi-hard negatives: the mean of P_ij over pairs ij of one class. P_ij is the greatest
 * L_ijk in (0, margin] over items k of other classes; if there is none, the least L_ijk above the margin; else 0.
 * L_ijk = relu(margin - (D_ik - D_ij)).
 *
 * After Schroff, Kalenichenko, Philbin, *FaceNet*, CVPR 2015.
 */
export const facenet =
  ({ margin }: LossParameters<'facenet'>): ClassLoss =>
  (embeddings, classes) =>
    tf.tidy(() => {
      const { same, different } = classPairs(classes);
      const losses = sumOverTriplets(pairsOf(embeddings).distances, (difference, rows) => {
        const weights = tf.mul(tf.expandDims(rows(same), 2), tf.expandDims(rows(different), 1));
        return semihardLosses(difference, margin, weights, rows(same), 0);
      });
      return quotient(losses, pairwiseSum(same));
    });
