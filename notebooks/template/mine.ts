// Parts of your own. The notebook imports this file, and `npx tripletlab ... --import ./mine.ts` any command.
import { losses, tf } from 'tripletlab';

/** Computes the distances of all pairs of rows: `[n, d]` to `[n, n]`. */
function distances(rows: tf.Tensor2D): tf.Tensor {
  const squared = tf.sum(tf.square(rows), 1, true);
  const products = tf.matMul(rows, rows, false, true);
  return tf.sqrt(tf.maximum(tf.sub(tf.add(squared, tf.transpose(squared)), tf.mul(2, products)), 1e-12));
}

/** Is the mean square of what student and teachers differ in their distances, each divided by its mean. */
export const relativeDistances: losses.OwnLoss = {
  name: 'relative_distances',
  supervision: 'teachers',
  loss: (embeddings, { teachers }) => {
    const ofTeachers = tf.unstack(teachers, 1).map((rows) => distances(rows as tf.Tensor2D));
    const theirs = tf.mean(tf.stack(ofTeachers), 0);
    const ours = distances(embeddings);
    return tf.mean(tf.squaredDifference(tf.div(ours, tf.mean(ours)), tf.div(theirs, tf.mean(theirs))));
  },
};

losses.register(relativeDistances);
