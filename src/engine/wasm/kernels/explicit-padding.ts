import type { backend_util, KernelFunc, TensorInfo } from '@tensorflow/tfjs';
import { convolutionInfo, type ConvolutionAttributes } from './convolution.js';
import type { Call, Kernel } from './kernel.js';

/** Padding for which rounding down gives the sizes that the operation asks for. */
export function explicitPadding(info: backend_util.Conv2DInfo): backend_util.ExplicitPadding {
  const { top, bottom, left, right } = info.padInfo;
  const reachY = (info.outHeight - 1) * info.strideHeight + info.effectiveFilterHeight;
  const reachX = (info.outWidth - 1) * info.strideWidth + info.effectiveFilterWidth;
  return [
    [0, 0],
    [top, Math.max(bottom, reachY - info.inHeight - top)],
    [left, Math.max(right, reachX - info.inWidth - left)],
    [0, 0],
  ];
}

/**
 * DepthwiseConv2dNative by the stock kernel, for all sizes.
 *
 * XNNPACK fails silently for 'same' padding with a stride above the filter's size, and rounds sizes down whatever was asked for.
 */
export function paddedDepthwise(stock: KernelFunc): Kernel {
  const compute = stock as unknown as (call: Call<'x' | 'filter', ConvolutionAttributes>) => TensorInfo;
  return ({ inputs, backend, attrs }: Call<'x' | 'filter', ConvolutionAttributes>) => {
    const info = convolutionInfo(inputs.x.shape, inputs.filter.shape, { ...attrs, dataFormat: 'NHWC' }, true);
    return compute({ inputs, backend, attrs: { ...attrs, pad: explicitPadding(info), dimRoundingMode: 'floor' } });
  };
}
