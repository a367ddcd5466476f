import * as tf from '../../tf.js';
import { pairwiseSum } from './pairwise-sum.js';

/** The number of floats in a block of triplets: 4 MiB. */
const BLOCK = 2 ** 20;

/** Returns the current anchors' rows, `[count, n]`, of a matrix `[n, n]`. */
export type Rows = (matrix: tf.Tensor2D) => tf.Tensor2D;

/** Calls `block` with the anchors 0 to n - 1 in blocks, so that only one block of the n^3 triplets is held at once. */
export function forAnchors(n: number, block: (rows: Rows, first: number) => void): void {
  const size = Math.max(1, Math.floor(BLOCK / (n * n)));
  for (let first = 0; first < n; first += size)
    block((matrix) => tf.slice(matrix, [first, 0], [Math.min(size, n - first), n]), first);
}

/** Holds, for one block of triplets, what is summed up, and its gradient with respect to `x_ik - x_ij`. */
export interface BlockLoss {
  readonly losses: tf.Tensor;
  readonly pairGradients: tf.Tensor;
}

/** Computes x_ik - x_ij at [i, j, k], `[count, n, n]`, from the anchors' rows, `[count, n]`. */
export const differences = (rows: tf.Tensor2D): tf.Tensor3D => tf.sub(tf.expandDims(rows, 1), tf.expandDims(rows, 2));

/**
 * Sums a function of `distances_ik - distances_ij` over all triplets ijk; the sum is differentiable with respect to the
 * distances.
 *
 * Gradients are computed with the sum, block by block, and only their sums for each pair are kept. TensorFlow.js itself
 * would hold every intermediate `[n, n, n]` until the backward pass.
 *
 * @param distances `[n, n] float32`
 * @param block computes the part of some anchors from their differences `[count, n, n]`
 */
export function sumOverTriplets(
  distances: tf.Tensor2D,
  block: (difference: tf.Tensor3D, rows: Rows) => BlockLoss,
): tf.Scalar {
  const n = distances.shape[0];
  const sum = tf.customGrad((...parameters) => {
    const [x, save] = parameters as unknown as [tf.Tensor2D, tf.GradSaveFunc];
    let value: tf.Scalar = tf.scalar(0);
    const pairGradients: tf.Tensor2D[] = [];
    forAnchors(n, (rows) => {
      const before = value;
      const [after, byPair] = tf.tidy(() => {
        const result = block(differences(rows(x)), rows);
        const own = tf.sub(tf.sum(result.pairGradients, 1), tf.sum(result.pairGradients, 2)) as tf.Tensor2D;
        return [tf.add(before, pairwiseSum(result.losses)) as tf.Scalar, own];
      });
      before.dispose();
      value = after;
      pairGradients.push(byPair);
    });
    save([tf.concat(pairGradients, 0)]);
    return { value, gradFunc: (dy: tf.Tensor, [gradient]: tf.Tensor[]) => tf.mul(dy, gradient) };
  });
  return sum(distances) as tf.Scalar;
}

/** Sums over all triplets, without gradient. */
export function constantOverTriplets(n: number, block: (rows: Rows) => tf.Tensor): tf.Scalar {
  let value: tf.Scalar = tf.scalar(0);
  forAnchors(n, (rows) => {
    const before = value;
    value = tf.tidy(() => tf.add(before, pairwiseSum(block(rows))));
    before.dispose();
  });
  return value;
}

/** Computes relu(margin - difference) times the weights, for one block. */
export function weightedHinges(difference: tf.Tensor, margin: number, weights: tf.Tensor): BlockLoss {
  const losses = tf.relu(tf.sub(margin, difference));
  const pairGradients = tf.neg(tf.mul(weights, tf.cast(tf.greater(losses, 0), 'float32')));
  return { losses: tf.mul(weights, losses), pairGradients };
}
