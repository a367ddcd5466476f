import type { TensorInfo } from '../../../tf.js';
import { floatsOf } from '../heap.js';
import { convolutionInfo, taps, type ConvolutionAttributes } from './convolution.js';
import type { Call } from './kernel.js';

interface Attributes extends ConvolutionAttributes {
  readonly inputShape: [number, number, number, number];
}

/**
 * Computes DepthwiseConv2dNativeBackpropInput: dx[b, y, x, c] = sum of dy[b, p, q, c r + k] w[i, j, c, k] over
 * i, j, k, p, q with y = s p + d i - t, x = s q + d j - l.
 *
 * dy [batch, p, q, c r], w [h, w, c, r], dx [batch, height, width, c], all float32; s, d, t and l as of `conv2d`.
 */
export function depthwiseBackpropInput({ inputs, backend, attrs }: Call<'dy' | 'filter', Attributes>): TensorInfo {
  const { dy, filter } = inputs;
  const info = convolutionInfo(attrs.inputShape, filter.shape, attrs, true);
  const { filterHeight, filterWidth, inChannels, inHeight, inWidth, padInfo } = info;
  const [batch, outHeight, outWidth, outChannels] = dy.shape;
  const multiplier = outChannels / inChannels;
  const rows = taps(outHeight, inHeight, filterHeight, info.strideHeight, info.dilationHeight, padInfo.top);
  const columns = taps(outWidth, inWidth, filterWidth, info.strideWidth, info.dilationWidth, padInfo.left);
  const result = backend.makeOutput(attrs.inputShape, 'float32');
  const sums = floatsOf(backend, result).fill(0);
  const weights = floatsOf(backend, filter);
  const gradients = floatsOf(backend, dy);
  for (let image = 0; image < batch; image++)
    for (let p = 0; p < outHeight; p++)
      for (let q = 0; q < outWidth; q++) {
        const from = ((image * outHeight + p) * outWidth + q) * outChannels;
        for (let i = 0; i < filterHeight; i++)
          for (let j = 0; j < filterWidth; j++) {
            if (rows[i][p] < 0 || columns[j][q] < 0) continue;
            const to = ((image * inHeight + rows[i][p]) * inWidth + columns[j][q]) * inChannels;
            const weight = (i * filterWidth + j) * outChannels;
            for (let c = 0, k = 0; c < inChannels; c++)
              for (let r = 0; r < multiplier; r++, k++) sums[to + c] += gradients[from + k] * weights[weight + k];
          }
      }
  return result;
}
