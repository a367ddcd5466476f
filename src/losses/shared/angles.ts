import * as tf from '../../tf.js';
import { forAnchors, type Rows } from './triplet-blocks.js';
import { EPSILON, huber, untracked } from './stable-math.js';
import { squaredDifferences } from './differences.js';
import { column } from './mining.js';
import { teacherRows } from './teacher-distances.js';
import { pairwiseSum } from './pairwise-sum.js';

const zeros = (q: tf.Tensor): tf.Tensor => tf.cast(tf.equal(q, 0), 'float32');

/** Computes 1 / sqrt(q); where q is 0 it is 0 and has no gradient. */
function inverseRoot(q: tf.Tensor): tf.Tensor {
  const equal = untracked(q, zeros);
  return tf.div(tf.sub(1, equal), tf.add(tf.sqrt(tf.add(q, equal)), EPSILON));
}

/** Computes r_ij r_ik / 2 for some anchors i: `[count, n, n]`. */
function halvedRoots(own: tf.Tensor2D): tf.Tensor {
  const r = inverseRoot(own);
  return tf.mul(tf.expandDims(r, 2), tf.mul(tf.expandDims(r, 1), 0.5));
}

/** Computes q_ij + q_ik - q_jk for some anchors i; times `halvedRoots` it is the cosine at i (law of cosines). */
const sides = (own: tf.Tensor2D, q: tf.Tensor2D): tf.Tensor =>
  tf.sub(tf.add(tf.expandDims(own, 2), tf.expandDims(own, 1)), tf.expandDims(q, 0));

/** Computes the mean of the teachers' cosines for some anchors, from each teacher's squared distances. */
function meanCosines(squares: readonly tf.Tensor2D[], rows: Rows): tf.Tensor {
  let sum: tf.Tensor = tf.scalar(0);
  for (const q of squares) {
    const before = sum;
    sum = tf.tidy(() => tf.add(before, tf.mul(sides(rows(q), q), halvedRoots(rows(q)))));
    before.dispose();
  }
  return tf.div(sum, squares.length);
}

/** Sums the Huber loss between two sets of cosines over all n^3 triplets; `squares` gets a gradient. */
function angleSum(squares: tf.Tensor2D, teachers: readonly tf.Tensor2D[]): tf.Scalar {
  const sum = tf.customGrad((...parameters) => {
    const [q, save] = parameters as unknown as [tf.Tensor2D, tf.GradSaveFunc];
    const n = q.shape[0];
    let value: tf.Scalar = tf.scalar(0);
    let opposite: tf.Tensor = tf.zeros([n, n]);
    const adjacent: tf.Tensor[] = [];
    forAnchors(n, (rows) => {
      const before = [value, opposite];
      [value, opposite, adjacent[adjacent.length]] = tf.tidy(() => {
        const own = rows(q);
        const roots = halvedRoots(own);
        const cosine = tf.mul(sides(own, q), roots);
        const x = tf.sub(cosine, meanCosines(teachers, rows));
        const gradient = tf.clipByValue(x, -1, 1);
        const bySide = tf.mul(gradient, roots);
        // j and k are symmetric: an adjacent side's derivative, through the sum and its root, is twice that as side ij
        const byRoot = tf.div(tf.sum(tf.mul(gradient, cosine), 2), tf.add(own, zeros(own)));
        const byPair = tf.sub(tf.mul(2, tf.sum(bySide, 2)), byRoot);
        return [tf.add(value, pairwiseSum(huber(x))) as tf.Scalar, tf.sub(opposite, tf.sum(bySide, 0)), byPair];
      });
      tf.dispose(before);
    });
    save([tf.add(tf.concat(adjacent, 0), opposite)]);
    return { value, gradFunc: (dy: tf.Tensor, [gradient]: tf.Tensor[]) => tf.mul(dy, gradient) };
  });
  return sum(squares) as tf.Scalar;
}

/** Computes the mean over all n^3 triplets of the Huber loss between the student's and the teachers' mean cosines. */
export function angleLoss(embeddings: tf.Tensor2D, teachers: tf.Tensor3D): tf.Scalar {
  const [n, count] = teachers.shape;
  const theirs = Array.from({ length: count }, (_, t) => tf.tidy(() => squaredDifferences(teacherRows(teachers, t))));
  return tf.div(angleSum(squaredDifferences(embeddings), theirs), n ** 3);
}

/** Computes the same mean over the triplets `[m, 3]`. */
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
