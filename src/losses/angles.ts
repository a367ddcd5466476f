import * as tf from '@tensorflow/tfjs';
import { sumOverAnchors, type Rows } from './anchors.js';
import { EPSILON, huber } from './clamped.js';
import { squaredDifferences } from './differences.js';
import { column } from './mining.js';
import { teacherRows } from './teacher-distances.js';

/** 1 / sqrt(q), 0 without gradient where q is 0. */
function inverseRoot(q: tf.Tensor): tf.Tensor {
  const equal = tf.cast(tf.equal(q, 0), 'float32');
  return tf.div(tf.sub(1, equal), tf.add(tf.sqrt(tf.add(q, equal)), EPSILON));
}

/** (q_ij + q_ik - q_jk) r_ij r_ik / 2 for some anchors i, `[count, n, n]`, by the law of cosines. */
function cosines(q: tf.Tensor2D, rows: Rows): tf.Tensor {
  const own = rows(q);
  const r = inverseRoot(own);
  const sides = tf.sub(tf.add(tf.expandDims(own, 2), tf.expandDims(own, 1)), tf.expandDims(q, 0));
  return tf.mul(tf.mul(sides, tf.expandDims(r, 2)), tf.mul(tf.expandDims(r, 1), 0.5));
}

/** Mean over all n^3 triplets of the Huber loss between the student's cosines and the mean of the teachers'. */
export function angleLoss(embeddings: tf.Tensor2D, teachers: tf.Tensor3D): tf.Scalar {
  const [n, count] = teachers.shape;
  const theirs = Array.from({ length: count }, (_, t) => tf.tidy(() => squaredDifferences(teacherRows(teachers, t))));
  const target = (rows: Rows): tf.Tensor => {
    let sum: tf.Tensor = tf.scalar(0);
    for (const q of theirs) {
      const before = sum;
      sum = tf.tidy(() => tf.add(before, cosines(q, rows)));
      before.dispose();
    }
    return tf.div(sum, count);
  };
  const sum = sumOverAnchors([squaredDifferences(embeddings)], ([q], rows) =>
    huber(tf.sub(cosines(q, rows), target(rows))),
  );
  return tf.div(sum, n ** 3);
}

/** The same over the triplets `[m, 3]`. */
export function minedAngleLoss(embeddings: tf.Tensor2D, teachers: tf.Tensor3D, triplets: Int32Array): tf.Scalar {
  const corners = [0, 1, 2].map((c) => column(triplets, c));
  const cosine = (rows: tf.Tensor2D): tf.Tensor => {
    const [a, b, c] = corners.map((indexes) => tf.gather(rows, indexes));
    const [x, y] = [tf.sub(a, b), tf.sub(a, c)];
    const product = tf.sum(tf.mul(x, y), 1);
    const norms = [x, y].map((side) => inverseRoot(tf.sum(tf.square(side), 1)));
    return tf.mul(product, tf.mul(norms[0], norms[1]));
  };
  const count = teachers.shape[1];
  const target = tf.addN(Array.from({ length: count }, (_, t) => cosine(teacherRows(teachers, t))));
  return tf.mean(huber(tf.sub(cosine(embeddings), tf.div(target, count))));
}
