import type { KernelFunc, TensorInfo } from '../../../tf.js';
import { callKernel, type Call, type Kernel } from './kernel.js';
import { poolingInfo, type PoolingAttributes } from './pooling.js';
import { explicitPadding } from './explicit-padding.js';

/**
 * Computes MaxPool and AvgPool with the stock kernel, for all sizes: x [batch, height, width, c] float32 ->
 * [batch, p, q, c].
 *
 * The stock kernel's XNNPACK always rounds sizes down, and has no windows of one pixel.
 */
export function pool(stock: KernelFunc): Kernel {
  const compute = stock as unknown as (call: Call<'x', PoolingAttributes>) => TensorInfo;
  return ({ inputs: { x }, backend, attrs }: Call<'x', PoolingAttributes>) => {
    const info = poolingInfo(x.shape, attrs);
    if (info.filterHeight * info.filterWidth > 1)
      return compute({
        inputs: { x },
        backend,
        attrs: { ...attrs, pad: explicitPadding(info), dimRoundingMode: 'floor' },
      });
    const { inHeight, inWidth, strideHeight, strideWidth, batchSize, inChannels } = info;
    return callKernel('StridedSlice', { x }, backend, {
      begin: [0, 0, 0, 0],
      end: [batchSize, inHeight, inWidth, inChannels],
      strides: [1, strideHeight, strideWidth, 1],
      beginMask: 0,
      endMask: 0,
      ellipsisMask: 0,
      newAxisMask: 0,
      shrinkAxisMask: 0,
    });
  };
}
