import * as tf from '../tf.js';
import type { LossParameters } from '../catalogue/losses.js';
import { quotient } from './shared/stable-math.js';
import { groupsOf } from './shared/groups.js';
import type { ClassLoss } from './loss.js';
import { contrastedLogarithms } from './shared/nce.js';
import { pairsOf } from './shared/pairs.js';
import { pairwiseSum } from './shared/pairwise-sum.js';

/** A row's similarity to itself counts with this factor in the row's greatest, and nowhere else. */
const OWN = -10;

/**
 * InfoNCE loss: mean over pairs ij of one class of -log(e_ij / (e_ij + sum of e_ik over items of other classes)),
 * e = exp(S / tau - the row's greatest).
 *
 * After van den Oord, Li, Vinyals, *Representation learning with contrastive predictive coding*, 2018.
 */
export const infonce =
  ({ tau }: LossParameters<'infonce'>): ClassLoss =>
  (embeddings, classes) =>
    tf.tidy(() => {
      const { same, different } = groupsOf(classes);
      const factors = tf.add(1, tf.mul(tf.eye(classes.length), OWN - 1));
      const scores = tf.mul(pairsOf(embeddings).similarities, tf.div(factors, tau));
      return quotient(
        tf.neg(pairwiseSum(tf.mul(same, contrastedLogarithms(scores, same, different)))),
        pairwiseSum(same),
      );
    });
