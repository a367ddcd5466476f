import { zeros, type NdArray } from '../../formats/nd-array.js';

/**
 * Returns the array with its axes in another order: axis k of the result is axis `axes[k]`.
 *
 * Filters of TensorFlow `[h, w, in, out]` become PyTorch's `[out, in, h, w]` with axes 3, 2, 0, 1.
 */
export function permute({ dtype, shape, data }: NdArray, axes: readonly number[]): NdArray {
  const strides = shape.map((_, axis) => shape.slice(axis + 1).reduce((product, side) => product * side, 1));
  const sides = axes.map((axis) => shape[axis]);
  const steps = axes.map((axis) => strides[axis]);
  const out = zeros(dtype, data.length);
  const index = sides.map(() => 0);
  let from = 0;
  for (let to = 0; to < out.length; to++) {
    out[to] = data[from];
    for (let axis = sides.length - 1; axis >= 0; axis--) {
      from += steps[axis];
      if (++index[axis] < sides[axis]) break;
      from -= steps[axis] * sides[axis];
      index[axis] = 0;
    }
  }
  return { dtype, shape: sides, data: out };
}

/** Returns the same elements in another shape. */
export function reshape({ dtype, data }: NdArray, shape: readonly number[]): NdArray {
  return { dtype, shape, data };
}
