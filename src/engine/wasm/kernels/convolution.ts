import { backend_util, type TensorInfo } from '../../../tf.js';
import { addressOf, type WasmBackend } from '../heap.js';
import { explicitPadding } from './explicit-padding.js';
import { callKernel } from './kernel.js';
import { imagesOf, type Images, type Places } from './pixels.js';

/** Holds the attributes that all kernels of 2-d convolutions share. */
export interface ConvolutionAttributes {
  readonly strides: number | [number, number];
  readonly pad: 'same' | 'valid' | number | backend_util.ExplicitPadding;
  readonly dataFormat?: 'NHWC' | 'NCHW';
  readonly dimRoundingMode?: 'floor' | 'round' | 'ceil';
  readonly dilations?: number | [number, number] | null;
}

/** Returns the sizes, strides, dilations and padding of a 2-d convolution, depthwise or not, with channels last. */
export function convolutionInfo(
  inputShape: readonly number[],
  filterShape: readonly number[],
  { strides, pad, dataFormat, dimRoundingMode, dilations }: ConvolutionAttributes,
  depthwise = false,
): backend_util.Conv2DInfo {
  if (dataFormat === 'NCHW') throw new Error('convolution with dataFormat NCHW: the wasm engine takes NHWC only');
  return backend_util.computeConv2DInfo(
    inputShape as [number, number, number, number],
    filterShape as [number, number, number, number],
    strides,
    dilations ?? 1,
    pad,
    dimRoundingMode,
    depthwise,
  );
}

/** Returns, for each tap of the filter along one axis, the places of the input that the outputs read; -1 is padding. */
export function taps(
  outputs: number,
  inputs: number,
  size: number,
  stride: number,
  dilation: number,
  padding: number,
): Places[] {
  return Array.from({ length: size }, (_, tap) =>
    Array.from({ length: outputs }, (__, output) => {
      const place = output * stride + tap * dilation - padding;
      return place < 0 || place >= inputs ? -1 : place;
    }),
  );
}

/** Says what a convolution reads: under each pair of row tap and column tap, `depth` numbers for each output pixel. */
export interface Reading {
  readonly images: Images;
  readonly rows: readonly Places[];
  readonly columns: readonly Places[];
  readonly depth: number;
  release(): void;
}

/** Below this number of channels, the taps of one row of the filter are read together. */
const FEW_CHANNELS = 16;

/**
 * Finds the pixels of x [batch, height, width, c] under the taps of a filter.
 *
 * If there are few channels, a whole row of the filter is one tap: w c numbers that follow each other in a padded copy.
 */
export function reading(x: TensorInfo, info: backend_util.Conv2DInfo, backend: WasmBackend): Reading {
  const { outHeight, outWidth, filterHeight, filterWidth, strideHeight, strideWidth, padInfo, inChannels } = info;
  const vertical = (height: number, padding: number) =>
    taps(outHeight, height, filterHeight, strideHeight, info.dilationHeight, padding);
  if (inChannels >= FEW_CHANNELS || filterWidth === 1 || info.dilationWidth > 1)
    return {
      images: imagesOf(addressOf(backend, x), x),
      rows: vertical(info.inHeight, padInfo.top),
      columns: taps(outWidth, info.inWidth, filterWidth, strideWidth, info.dilationWidth, padInfo.left),
      depth: inChannels,
      release: () => undefined,
    };
  const padded = callKernel('PadV2', { x }, backend, { paddings: explicitPadding(info), constantValue: 0 });
  return {
    images: imagesOf(addressOf(backend, padded), padded),
    rows: vertical(padded.shape[1], 0),
    columns: taps(outWidth, padded.shape[2], 1, strideWidth, 1, 0),
    depth: filterWidth * inChannels,
    release: () => {
      backend.disposeData(padded.dataId);
    },
  };
}
