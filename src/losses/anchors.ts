import * as tf from '@tensorflow/tfjs';

/** Floats of a block of triplets: 4 MiB. */
const BLOCK = 2 ** 20;

/** The rows of the anchors at hand, `[count, n]`, of a matrix `[n, n]`. */
export type Rows = (matrix: tf.Tensor2D) => tf.Tensor2D;

/**
 * A sum over the anchors of all triplets, `[n, n, n]` in blocks of anchors, so that no more than a block is ever held:
 * the gradient computes each block once more instead of keeping it.
 *
 * @param matrices what the sum has gradients by, `[n, n] float32` each
 * @param block the sum over some anchors: of the matrices given to it, and of `rows`, which takes their rows
 */
export function sumOverAnchors(
  matrices: tf.Tensor2D[],
  block: (matrices: tf.Tensor2D[], rows: Rows) => tf.Tensor,
): tf.Scalar {
  const n = matrices[0].shape[0];
  const size = Math.max(1, Math.floor(BLOCK / (n * n)));
  const partial =
    (first: number) =>
    (...given: tf.Tensor[]): tf.Scalar =>
      tf.tidy(() => {
        const rows: Rows = (matrix) => tf.slice(matrix, [first, 0], [Math.min(size, n - first), n]);
        return tf.sum(block(given as tf.Tensor2D[], rows));
      });
  const sum = tf.customGrad((...parameters) => {
    const save = parameters.pop() as unknown as tf.GradSaveFunc;
    const inputs = parameters as tf.Tensor[];
    save(inputs);
    let value: tf.Scalar = tf.scalar(0);
    for (let first = 0; first < n; first += size) value = tf.tidy(() => tf.add(value, partial(first)(...inputs)));
    const gradFunc = (dy: tf.Tensor, saved: tf.Tensor[]): tf.Tensor[] => {
      let gradients: tf.Tensor[] = saved.map((input) => tf.zerosLike(input));
      for (let first = 0; first < n; first += size) {
        const before = gradients;
        gradients = tf.tidy(() => tf.grads(partial(first))(saved, dy).map((g, i) => tf.add(before[i], g)));
        tf.dispose(before);
      }
      return gradients;
    };
    return { value, gradFunc };
  });
  return sum(...matrices) as tf.Scalar;
}

/** x_ik - x_ij at [i, j, k]: from the rows of the anchors, `[count, n]`, to `[count, n, n]`. */
export const differences = (rows: tf.Tensor2D): tf.Tensor3D => tf.sub(tf.expandDims(rows, 1), tf.expandDims(rows, 2));
