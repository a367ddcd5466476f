import * as tf from '../tf.js';
import { toFloat32, type NdArray } from '../formats/nd-array.js';

/** How a tensor lies in PyTorch: its axis k is our axis `axes[k]`; without axes, the same. */
export interface Layout {
  readonly axes?: readonly number[];
  /** Stored as a 64-bit integer without shape (PyTorch's counts of batches). */
  readonly integer?: true;
}

/** Vectors, tables, and all else that is the same in both. */
export const same: Layout = {};
/** A convolution's filter: ours `[height, width, in, out]`, PyTorch's `[out, in, height, width]`. */
export const filter: Layout = { axes: [3, 2, 0, 1] };
/** A linear layer's matrix: ours `[in, out]`, PyTorch's `[out, in]`. */
export const matrix: Layout = { axes: [1, 0] };
/** A count. */
export const count: Layout = { integer: true };

/** PyTorch's shape of a tensor that has this shape here. */
export function torchShape(shape: readonly number[], { axes }: Layout): number[] {
  return axes === undefined ? [...shape] : axes.map((axis) => shape[axis]);
}

/** A copy of a tensor as PyTorch stores it. */
export function toTorch(tensor: tf.Tensor, layout: Layout): NdArray {
  const shape = torchShape(tensor.shape, layout);
  if (layout.integer)
    return { dtype: 'int64', shape, data: BigInt64Array.from([...tensor.dataSync()].map((value) => BigInt(value))) };
  const { axes } = layout;
  // not by tf.tidy, which would look for tensors among the numbers
  const turned = axes === undefined ? tensor : tf.transpose(tensor, [...axes]);
  const data = turned.dataSync() as Float32Array;
  if (turned !== tensor) turned.dispose();
  return { dtype: 'float32', shape, data };
}

/** A tensor from what PyTorch stores: of our shape and layout. */
export function fromTorch(array: NdArray, layout: Layout): tf.Tensor {
  const values = toFloat32(array);
  const { axes } = layout;
  if (layout.integer) return tf.tensor(Int32Array.from(values), [...array.shape], 'int32');
  if (axes === undefined) return tf.tensor(values, [...array.shape]);
  return tf.tidy(() => {
    const inverse = axes.map((_, axis) => axes.indexOf(axis));
    return tf.transpose(tf.tensor(values, [...array.shape]), inverse);
  });
}
