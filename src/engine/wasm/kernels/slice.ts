import { slice_util, util, type KernelFunc, type TensorInfo } from '../../../tf.js';
import type { Call, Kernel } from './kernel.js';

interface Attributes {
  readonly begin: number | number[];
  readonly size: number | number[];
}

/** Computes Slice by copying ranges of numbers within the heap. The stock kernel first copies all of x out of it. */
export function slice(stock: KernelFunc): Kernel {
  const textSlice = stock as unknown as (call: Call<'x', Attributes>) => TensorInfo;
  return ({ inputs, attrs, backend }: Call<'x', Attributes>) => {
    const { x } = inputs;
    if (x.dtype === 'string') return textSlice({ inputs, attrs, backend });
    const [begin, size] = slice_util.parseSliceParams(x, attrs.begin, attrs.size);
    const out = backend.makeOutput(size, x.dtype);
    if (util.sizeFromShape(size) === 0) return out;
    const strides = [...util.computeStrides(x.shape), 1].slice(-x.shape.length);
    // axes behind this one are taken whole
    let axis = size.length - 1;
    while (axis > 0 && size[axis] === x.shape[axis]) axis--;
    const run = util.sizeFromShape(size.slice(Math.max(axis, 0)));
    const from = backend.typedArrayFromHeap(x);
    const to = backend.typedArrayFromHeap(out);
    const at = begin.reduce((sum, first, k) => sum + first * strides[k], 0);
    const copyFrom = (k: number, start: number, written: number): number => {
      if (k >= axis) {
        to.set(from.subarray(start, start + run), written);
        return written + run;
      }
      let end = written;
      for (let i = 0; i < size[k]; i++) end = copyFrom(k + 1, start + i * strides[k], end);
      return end;
    };
    copyFrom(0, at, 0);
    return out;
  };
}
