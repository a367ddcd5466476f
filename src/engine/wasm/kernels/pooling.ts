import { backend_util, type TensorInfo } from '../../../tf.js';
import { addressOf, type WasmBackend } from '../heap.js';
import { taps } from './convolution.js';
import type { Places } from './pixels.js';

/** Holds the attributes of a pooling and of its gradient. */
export interface PoolingAttributes {
  readonly filterSize: number | [number, number];
  readonly strides: number | [number, number];
  readonly pad: 'same' | 'valid' | number | backend_util.ExplicitPadding;
  readonly dimRoundingMode?: 'floor' | 'round' | 'ceil';
}

export function poolingInfo(shape: readonly number[], attrs: PoolingAttributes): backend_util.Conv2DInfo {
  const { filterSize, strides, pad, dimRoundingMode } = attrs;
  return backend_util.computePool2DInfo(
    shape as [number, number, number, number],
    filterSize,
    strides,
    1,
    pad,
    dimRoundingMode,
  );
}

/** Goes through the windows of a pooling; their pixels are indexes into [batch * height * width], at most `size`. */
export interface Windows {
  /** Calls `visit` with each output pixel's index and its window's pixels. */
  forEach(visit: (output: number, pixels: readonly number[]) => void): void;
}

/**
 * Returns the windows of a pooling, in the order of the outputs; padding belongs to no window.
 *
 * The number of outputs comes from the gradient `dy`: TensorFlow.js does not tell its gradient kernels how sizes were
 * rounded.
 */
export function windows(input: TensorInfo, dy: TensorInfo, attrs: PoolingAttributes): Windows {
  const info = poolingInfo(input.shape, attrs);
  const { inHeight, inWidth, padInfo } = info;
  const [batch, outHeight, outWidth] = dy.shape;
  const rows = taps(outHeight, inHeight, info.filterHeight, info.strideHeight, 1, padInfo.top);
  const columns = taps(outWidth, inWidth, info.filterWidth, info.strideWidth, 1, padInfo.left);
  const inside = (all: Places[], output: number) => all.map((places) => places[output]).filter((place) => place >= 0);
  const columnsOf = Array.from({ length: outWidth }, (_, q) => inside(columns, q));
  return {
    forEach(visit) {
      for (let image = 0, output = 0; image < batch; image++)
        for (let p = 0; p < outHeight; p++) {
          const lines = inside(rows, p).map((row) => (image * inHeight + row) * inWidth);
          for (let q = 0; q < outWidth; q++, output++)
            visit(output, lines.flatMap((line) => columnsOf[q].map((column) => line + column))); // prettier-ignore
        }
    },
  };
}

/** Calls `compute` for each picture with the addresses of input, gradient and result, and with the sizes. */
export function forPictures(
  backend: WasmBackend,
  [input, dy, result]: readonly [TensorInfo, TensorInfo, TensorInfo],
  attrs: PoolingAttributes,
  compute: (x: number, dy: number, dx: number, ...sizes: number[]) => void,
): void {
  const { strideHeight, strideWidth, filterHeight, filterWidth, padInfo } = poolingInfo(input.shape, attrs);
  const [batch, height, width, channels] = input.shape;
  const [, p, q] = dy.shape;
  const sizes = [height, width, channels, p, q, filterHeight, filterWidth, strideHeight, strideWidth];
  for (let picture = 0; picture < batch; picture++) {
    const at = (tensor: TensorInfo, size: number) => addressOf(backend, tensor) + picture * size * channels * 4;
    const [x, dx] = [at(input, height * width), at(result, height * width)];
    compute(x, at(dy, p * q), dx, ...sizes, padInfo.top, padInfo.left);
  }
}
