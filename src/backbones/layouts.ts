import * as tf from '../tf.js';
import { toFloat32, type NdArray } from '../formats/nd-array.js';

/** Says how PyTorch stores a tensor: its axis k is our axis `axes[k]`; without axes, as we do. */
export interface Layout {
  readonly axes?: readonly number[];
  /** Set for a 64-bit integer without axes (PyTorch's counts of batches). */
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

/** Returns PyTorch's shape of a tensor that has this shape here. */
export function torchShape(shape: readonly number[], { axes }: Layout): number[] {
  return axes === undefined ? [...shape] : axes.map((axis) => shape[axis]);
}

/** Returns a copy of a tensor as PyTorch stores it. */
export function toTorch(tensor: tf.Tensor, layout: Layout): NdArray {
  const shape = torchShape(tensor.shape, layout);
  if (layout.integer)
    return { dtype: 'int64', shape, data: BigInt64Array.from([...tensor.dataSync()].map((value) => BigInt(value))) };
  const { axes } = layout;
  // without tf.tidy, which would search the result's numbers for tensors
  const turned = axes === undefined ? tensor : tf.transpose(tensor, [...axes]);
  const data = turned.dataSync() as Float32Array;
  if (turned !== tensor) turned.dispose();
  return { dtype: 'float32', shape, data };
}

/** Makes a tensor of our shape and layout from what PyTorch stores. */
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
