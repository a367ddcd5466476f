import type { TensorInfo } from '../../../tf.js';
import { floatsOf } from '../heap.js';
import { convolutionInfo, taps, type ConvolutionAttributes } from './convolution.js';
import type { Call } from './kernel.js';

interface Attributes extends ConvolutionAttributes {
  readonly filterShape: [number, number, number, number];
}

/**
 * Computes DepthwiseConv2dNativeBackpropFilter: dw[i, j, c, k] = sum over b, p, q of
 * x[b, s p + d i - t, s q + d j - l, c] dy[b, p, q, c r + k].
 *
 * x [batch, height, width, c], dy [batch, p, q, c r], dw [h, w, c, r], all float32; s, d, t and l as of `conv2d`.
 */
export function depthwiseBackpropFilter({ inputs, backend, attrs }: Call<'x' | 'dy', Attributes>): TensorInfo {
  const { x, dy } = inputs;
  const info = convolutionInfo(x.shape, attrs.filterShape, attrs, true);
  const { filterHeight, filterWidth, inChannels, inHeight, inWidth, padInfo } = info;
  const [batch, outHeight, outWidth, outChannels] = dy.shape;
  const multiplier = outChannels / inChannels;
  const rows = taps(outHeight, inHeight, filterHeight, info.strideHeight, info.dilationHeight, padInfo.top);
  const columns = taps(outWidth, inWidth, filterWidth, info.strideWidth, info.dilationWidth, padInfo.left);
  const result = backend.makeOutput(attrs.filterShape, 'float32');
  const sums = floatsOf(backend, result).fill(0);
  const values = floatsOf(backend, x);
  const gradients = floatsOf(backend, dy);
  for (let image = 0; image < batch; image++)
    for (let p = 0; p < outHeight; p++)
      for (let q = 0; q < outWidth; q++) {
        const gradient = ((image * outHeight + p) * outWidth + q) * outChannels;
        for (let i = 0; i < filterHeight; i++)
          for (let j = 0; j < filterWidth; j++) {
            if (rows[i][p] < 0 || columns[j][q] < 0) continue;
            const from = ((image * inHeight + rows[i][p]) * inWidth + columns[j][q]) * inChannels;
            const to = (i * filterWidth + j) * outChannels;
            for (let c = 0, k = 0; c < inChannels; c++)
              for (let r = 0; r < multiplier; r++, k++) sums[to + k] += values[from + c] * gradients[gradient + k];
          }
      }
  return result;
}
