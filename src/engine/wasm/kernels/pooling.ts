import { backend_util, type TensorInfo } from '../../../tf.js';
import { addressOf, type WasmBackend } from '../heap.js';
import type { LayerCall } from '../layers/functions.js';

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

/** Returns a call for each picture, with the addresses of input, gradient and result, and with the sizes. */
export function forPictures(
  backend: WasmBackend,
  [input, dy, result]: readonly [TensorInfo, TensorInfo, TensorInfo],
  attrs: PoolingAttributes,
  callOf: (x: number, dy: number, dx: number, ...sizes: number[]) => LayerCall,
): LayerCall[] {
  const { strideHeight, strideWidth, filterHeight, filterWidth, padInfo } = poolingInfo(input.shape, attrs);
  const [batch, height, width, channels] = input.shape;
  const [, p, q] = dy.shape;
  const sizes = [height, width, channels, p, q, filterHeight, filterWidth, strideHeight, strideWidth];
  return Array.from({ length: batch }, (_, picture) => {
    const at = (tensor: TensorInfo, size: number) => addressOf(backend, tensor) + picture * size * channels * 4;
    const [x, dx] = [at(input, height * width), at(result, height * width)];
    return callOf(x, at(dy, p * q), dx, ...sizes, padInfo.top, padInfo.left);
  });
}
