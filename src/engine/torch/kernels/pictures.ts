import { backend_util, type TensorInfo } from '../../../tf.js';
import { UsageError } from '../../../errors.js';
import type { Argument } from '../addon.js';
import type { Call, Kernels } from './kernel.js';

type Shape4 = [number, number, number, number];

/** Returns the strides, paddings and dilations of a convolution or pooling as the addon takes them. */
function geometry(
  { attrs }: Call,
  shape: readonly number[],
  filter: readonly number[],
  depthwise = false,
): { strides: number[]; paddings: number[]; dilations: number[] } {
  if (attrs['dataFormat'] === 'NCHW') throw new UsageError('unsupported dataFormat: NCHW; torch takes NHWC');
  const info = backend_util.computeConv2DInfo(
    shape as Shape4,
    filter as Shape4,
    attrs['strides'] as number,
    (attrs['dilations'] as number | undefined) ?? 1,
    attrs['pad'] as 'same',
    attrs['dimRoundingMode'] as 'floor' | undefined,
    depthwise,
  );
  const [height, width] = [shape[1], shape[2]];
  const { top, bottom, left, right } = info.padInfo;
  const vertical = behind(height, info.effectiveFilterHeight, info.strideHeight, top, bottom, info.outHeight);
  const horizontal = behind(width, info.effectiveFilterWidth, info.strideWidth, left, right, info.outWidth);
  return {
    strides: [info.strideHeight, info.strideWidth],
    paddings: [top, vertical, left, horizontal],
    dilations: [info.dilationHeight, info.dilationWidth],
  };
}

/** Returns the padding behind an axis that gives the `outputs` of TensorFlow.js: `after` itself, if that gives them. */
function behind(size: number, filter: number, stride: number, before: number, after: number, outputs: number): number {
  if (Math.floor((size + before + after - filter) / stride) + 1 === outputs) return after;
  return (outputs - 1) * stride + filter - size - before;
}

const convolution =
  (depthwise: boolean) =>
  (call: Call): TensorInfo => {
    const { inputs, backend, at } = call;
    const { strides, paddings, dilations } = geometry(call, inputs['x'].shape, inputs['filter'].shape, depthwise);
    return backend.one('conv2d', at('x'), at('filter'), strides, paddings, dilations, depthwise);
  };

const byInput =
  (depthwise: boolean) =>
  (call: Call): TensorInfo => {
    const { inputs, attrs, backend, at } = call;
    const shape = attrs['inputShape'] as number[];
    const { strides, paddings, dilations } = geometry(call, shape, inputs['filter'].shape, depthwise);
    return backend.one('conv2d_input', at('dy'), at('filter'), shape, strides, paddings, dilations, depthwise);
  };

const byFilter =
  (depthwise: boolean) =>
  (call: Call): TensorInfo => {
    const { inputs, attrs, backend, at } = call;
    const shape = attrs['filterShape'] as number[];
    const { strides, paddings, dilations } = geometry(call, inputs['x'].shape, shape, depthwise);
    return backend.one('conv2d_filter', at('x'), at('dy'), shape, strides, paddings, dilations, depthwise);
  };

/** Returns a pooling's size, strides and paddings. */
function windows(call: Call, shape: readonly number[]): Argument[] {
  const { attrs } = call;
  const size = [attrs['filterSize'] as number | number[]].flat();
  const [height, width] = [size[0], size.at(-1)!];
  const { strides, paddings } = geometry(call, shape, [height, width, shape[3], shape[3]]);
  return [[height, width], strides, paddings];
}

/** Tells whether corners are aligned. If not, pixels must have half-pixel centers, the only other way of libtorch. */
function alignsCorners({ attrs }: Call): boolean {
  if (attrs['alignCorners'] !== true && attrs['halfPixelCenters'] !== true)
    throw new UsageError('unsupported resizeBilinear: torch takes alignCorners or halfPixelCenters');
  return attrs['alignCorners'] === true;
}

const pool =
  (name: string) =>
  (call: Call): TensorInfo =>
    call.backend.one(name, call.at('x'), ...windows(call, call.inputs['x'].shape));

/** Convolutions and poolings of pictures `[b, height, width, c]`. */
export const pictures: Kernels = {
  AvgPool: pool('avg_pool'),
  AvgPoolGrad(call) {
    const { shape } = call.inputs['input'];
    return call.backend.one('avg_pool_gradient', call.at('dy'), shape, ...windows(call, shape));
  },
  Conv2D: convolution(false),
  Conv2DBackpropFilter: byFilter(false),
  Conv2DBackpropInput: byInput(false),
  DepthwiseConv2dNative: convolution(true),
  DepthwiseConv2dNativeBackpropFilter: byFilter(true),
  DepthwiseConv2dNativeBackpropInput: byInput(true),
  MaxPool: pool('max_pool'),
  ResizeBilinear: (call) =>
    call.backend.one('resize', call.at('images'), call.attrs['size'] as number[], alignsCorners(call)),
  ResizeBilinearGrad: (call) =>
    call.backend.one('resize_gradient', call.at('dy'), call.inputs['images'].shape, alignsCorners(call)),
  MaxPoolGrad: (call) =>
    call.backend.one(
      'max_pool_gradient',
      call.at('dy'),
      call.at('input'),
      ...windows(call, call.inputs['input'].shape),
    ),
};
