import type { TensorInfo } from '../../../tf.js';
import { floatsOf } from '../heap.js';
import { layerFunctions } from '../layers.js';
import type { Call } from './kernel.js';
import { forPictures, windows, type PoolingAttributes } from './pooling.js';

/**
 * Computes AvgPoolGrad: each dy[b, p, q, c], divided by the number of pixels in its window, is added to all of them.
 *
 * dy [batch, p, q, c], dx [batch, height, width, c], both float32. The average does not count the padding. The stock
 * kernel and the plain JavaScript one divide by the filter's size even there, so that their gradient is not that of the
 * average.
 */
export function avgPoolGrad({ inputs, backend, attrs }: Call<'dy' | 'input', PoolingAttributes>): TensorInfo {
  const { dy, input } = inputs;
  const channels = input.shape[3];
  const result = backend.makeOutput(input.shape, 'float32');
  const sums = floatsOf(backend, result).fill(0);
  const functions = layerFunctions(backend);
  if (functions !== undefined) {
    forPictures(backend, [input, dy, result], attrs, (_, ...rest) => {
      functions.averagePoolGradient(...rest);
    });
    return result;
  }
  const gradients = floatsOf(backend, dy);
  windows(input, dy, attrs).forEach((output, pixels) => {
    const share = 1 / pixels.length;
    const from = output * channels;
    for (const pixel of pixels) {
      const to = pixel * channels;
      for (let c = 0; c < channels; c++) sums[to + c] += gradients[from + c] * share;
    }
  });
  return result;
}
