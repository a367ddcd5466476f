import * as tf from '../tf.js';
import type { LossParameters } from '../catalogue/losses.js';
import type { DistillationLoss } from './loss.js';
import { weightedMultiSimilarity } from './multi-similarity.js';
import { pairsOf } from './shared/pairs.js';
import { meanDistances } from './shared/teacher-distances.js';
import { pairWeights } from './shared/teacher-weights.js';

/**
 * Makes the relaxed multi-similarity loss: the multi-similarity loss in which w = exp(-Dbar^2 / tau), diagonal 0,
 * weights all pairs as pairs of one class, and 1 - w, diagonal 1, as pairs of two classes.
 */
export const relaxedMultisimilarity =
  ({ tau, ...parameters }: LossParameters<'relaxed_multisimilarity'>): DistillationLoss =>
  (embeddings, teachers) =>
    tf.tidy(() => {
      const { positive } = pairWeights(meanDistances(teachers), tau, true);
      return weightedMultiSimilarity(pairsOf(embeddings).similarities, positive, tf.sub(1, positive), parameters);
    });
