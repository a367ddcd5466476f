import * as tf from '../tf.js';
import type { LossParameters } from '../catalogue/losses.js';
import {
  constantOverTriplets,
  differences,
  sumOverTriplets,
  weightedHinges,
  type Rows,
} from './shared/triplet-blocks.js';
import { quotient } from './shared/stable-math.js';
import type { DistillationLoss } from './loss.js';
import { pairsOf } from './shared/pairs.js';
import { sequentialDistances } from './shared/teacher-distances.js';

/**
 * Makes the loss of multiple triplet teachers: the mean of relu(margin - (D_ik - D_ij)) over the triplets for which
 * more than half of the teachers have d_ik - d_ij > teacher_margin.
 *
 * Float32 decides ties, as in the original: see `sequentialDistances`.
 */
export const mtt =
  ({ teacher_margin, margin }: LossParameters<'mtt'>): DistillationLoss =>
  (embeddings, teachers) =>
    tf.tidy(() => {
      const [n, count, size] = teachers.shape;
      const data = teachers.dataSync() as Float32Array;
      const distances = sequentialDistances(data, n, count, size).map((values) => tf.tensor2d(values, [n, n]));
      const weights = (rows: Rows): tf.Tensor => {
        let votes: tf.Tensor = tf.scalar(0);
        for (const d of distances) {
          const before = votes;
          votes = tf.tidy(() => tf.add(before, tf.cast(tf.greater(differences(rows(d)), teacher_margin), 'float32')));
          before.dispose();
        }
        return tf.cast(tf.greater(votes, count / 2), 'float32');
      };
      const losses = sumOverTriplets(pairsOf(embeddings).distances, (difference, rows) =>
        weightedHinges(difference, margin, weights(rows)),
      );
      return quotient(losses, constantOverTriplets(n, weights));
    });
