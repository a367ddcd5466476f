import * as tf from '../tf.js';
import type { LossParameters } from '../catalogue/losses.js';
import { quotient } from './shared/stable-math.js';
import { classPairs } from './shared/class-pairs.js';
import type { ClassLoss } from './loss.js';
import { contrastedLogarithms } from './shared/nce.js';
import { pairsOf } from './shared/pairs.js';
import { pairwiseSum } from './shared/pairwise-sum.js';

/** The factor of a row's similarity to itself, which is used only for the greatest of the row. */
const OWN = -10;

/**
 * Makes the InfoNCE loss: the mean over pairs ij of one class of
 * -log(e_ij / (e_ij + sum of e_ik over items k of other classes)), e = exp(S / tau - the greatest of the row).
 *
 * After van den Oord, Li, Vinyals, *Representation learning with contrastive predictive coding*, 2018.
 */
export const infonce =
  ({ tau }: LossParameters<'infonce'>): ClassLoss =>
  (embeddings, classes) =>
    tf.tidy(() => {
      const { same, different } = classPairs(classes);
      const factors = tf.add(1, tf.mul(tf.eye(classes.length), OWN - 1));
      const scores = tf.mul(pairsOf(embeddings).similarities, tf.div(factors, tau));
      return quotient(
        tf.neg(pairwiseSum(tf.mul(same, contrastedLogarithms(scores, same, different)))),
        pairwiseSum(same),
      );
    });
