import { backend_util, type TensorInfo } from '@tensorflow/tfjs';
import type { Operand } from '../products/products.js';
import type { Workspace } from '../products/workspace.js';

/** The attributes that all kernels of 2-d convolutions share. */
export interface ConvolutionAttributes {
  readonly strides: number | [number, number];
  readonly pad: 'same' | 'valid' | number | backend_util.ExplicitPadding;
  readonly dataFormat: 'NHWC' | 'NCHW';
  readonly dimRoundingMode?: 'floor' | 'round' | 'ceil';
  readonly dilations?: number | [number, number];
}

/** Sizes, strides, dilations and padding of a 2-d convolution (or a depthwise one) with channels last. */
export function convolutionInfo(
  inputShape: readonly number[],
  filterShape: readonly number[],
  attrs: ConvolutionAttributes,
  depthwise = false,
): backend_util.Conv2DInfo {
  const { strides, pad, dataFormat, dimRoundingMode, dilations = 1 } = attrs;
  if (dataFormat === 'NCHW') throw new Error('convolution with dataFormat NCHW: the wasm engine takes NHWC only');
  return backend_util.computeConv2DInfo(
    inputShape as [number, number, number, number],
    filterShape as [number, number, number, number],
    strides,
    dilations,
    pad,
    dimRoundingMode,
    depthwise,
  );
}

/** For each place of one axis of an image, the place that it takes its value from, or -1 for the padding. */
export type Places = readonly number[];

/** A batch of images with channels last that products read pixel by pixel. */
export interface Images {
  readonly address: number;
  readonly height: number;
  readonly width: number;
  readonly channels: number;
}

/** Pixels that products may name in one table: 8 MiB. */
const TABLE_PIXELS = 2 ** 21;

/** Runs `work` for stretches of images [first, behind last) whose tables, `pixels` numbers an image, are not too large. */
export function forImages(count: number, pixels: number, work: (first: number, behind: number) => void): void {
  const step = Math.max(1, Math.floor(TABLE_PIXELS / pixels));
  for (let first = 0; first < count; first += step) work(first, Math.min(count, first + step));
}

/** A row of zeros that stands for pixels outside of an image. */
export function zeroRow(workspace: Workspace, channels: number): number {
  return workspace.table(channels, (integers, at) => {
    integers.fill(0, at, at + channels);
  });
}

/**
 * The pixels (y, x) of images `first` and on, for y in `rows` and x in `columns`, one vector of channels each.
 *
 * @param zeros the address of a row of zeros, for places -1
 */
export function pixels(
  workspace: Workspace,
  images: Images,
  first: number,
  behind: number,
  rows: Places,
  columns: Places,
  zeros: number,
): Omit<Operand, 'by'> {
  const count = (behind - first) * rows.length * columns.length;
  const pixel = images.channels * 4;
  const outside = zeros - images.address;
  const table = workspace.table(Math.ceil(count / 8) * 8, (integers, start) => {
    let at = start;
    for (let image = first; image < behind; image++)
      for (const row of rows) {
        const left = (image * images.height + row) * images.width;
        for (const column of columns) integers[at++] = row < 0 || column < 0 ? outside : (left + column) * pixel;
      }
    integers.fill(outside, at, start + Math.ceil(count / 8) * 8);
  });
  return { table, base: images.address };
}

/** The filter's taps along one axis: for each, the places of the input that the outputs read, or -1 for the padding. */
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

/** The images of a tensor [batch, height, width, channels] at an address. */
export function imagesOf(address: number, tensor: TensorInfo): Images {
  const [, height, width, channels] = tensor.shape;
  return { address, height, width, channels };
}
