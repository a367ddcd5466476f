import * as tf from '../../tf.js';

export { fused, hasKernel } from '../../engine/optional-kernels.js';

type Save = (tensors: tf.Tensor[]) => void;

/** Holds an operation's value, and computes its gradients from the gradient of the value and the saved tensors. */
export interface Computed<T extends tf.Tensor> {
  readonly value: T;
  /** Kept until the gradients are computed. */
  readonly saved: readonly tf.Tensor[];
  /** Returns the gradients with respect to the operands, in their order. */
  gradients(dy: T, saved: readonly tf.Tensor[]): tf.Tensor[];
}

/** Runs an operation with its own gradients; neither keeps intermediate tensors. */
export function operation<T extends tf.Tensor>(operands: readonly tf.Tensor[], compute: () => Computed<T>): T {
  const differentiable = tf.customGrad((...all) => {
    const { value, saved, gradients } = compute();
    (all[operands.length] as unknown as Save)([...saved]);
    const gradFunc = (dy: tf.Tensor, kept: tf.Tensor[]) => tf.tidy(() => gradients(dy as T, kept));
    return { value: value as tf.Tensor, gradFunc };
  });
  return differentiable(...operands) as T;
}
