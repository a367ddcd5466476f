import * as tf from '../../tf.js';

export { fused } from '../../engine/optional-kernels.js';

type Save = (tensors: tf.Tensor[]) => void;

/** What an operation computes from its operands, and its gradients from that of its value and what was saved. */
export interface Computed<T extends tf.Tensor> {
  readonly value: T;
  /** Kept until the gradients are computed. */
  readonly saved: readonly tf.Tensor[];
  /** By each operand, in their order. */
  gradients(dy: T, saved: readonly tf.Tensor[]): tf.Tensor[];
}

/** An operation with its own gradients; neither keeps what it makes in between. */
export function operation<T extends tf.Tensor>(operands: readonly tf.Tensor[], compute: () => Computed<T>): T {
  const differentiable = tf.customGrad((...all) => {
    const { value, saved, gradients } = compute();
    (all[operands.length] as unknown as Save)([...saved]);
    const gradFunc = (dy: tf.Tensor, kept: tf.Tensor[]) => tf.tidy(() => gradients(dy as T, kept));
    return { value: value as tf.Tensor, gradFunc };
  });
  return differentiable(...operands) as T;
}
