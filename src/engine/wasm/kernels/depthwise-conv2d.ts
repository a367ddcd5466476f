import type { KernelFunc, TensorInfo } from '../../../tf.js';
import { convolutionInfo, type ConvolutionAttributes } from './convolution.js';
import { explicitPadding } from './explicit-padding.js';
import type { Call, Kernel } from './kernel.js';

/**
 * Computes DepthwiseConv2dNative with the stock kernel, for all sizes.
 *
 * The stock kernel's XNNPACK fails silently for 'same' padding with a stride above the filter's size, and always rounds
 * sizes down. Here it gets explicit padding instead.
 */
export function depthwiseConv2d(stock: KernelFunc): Kernel {
  const compute = stock as unknown as (call: Call<'x' | 'filter', ConvolutionAttributes>) => TensorInfo;
  return ({ inputs, backend, attrs }: Call<'x' | 'filter', ConvolutionAttributes>) => {
    const info = convolutionInfo(inputs.x.shape, inputs.filter.shape, attrs, true);
    return compute({ inputs, backend, attrs: { ...attrs, pad: explicitPadding(info), dimRoundingMode: 'floor' } });
  };
}
