import type { TensorInfo } from '../../../tf.js';
import { floatsOf } from '../heap.js';
import { runLayers } from '../layers/functions.js';
import type { Call } from './kernel.js';
import { forPictures, type PoolingAttributes } from './pooling.js';

/**
 * Computes AvgPoolGrad: each dy[b, p, q, c], divided by the number of pixels in its window, is added to all of them.
 *
 * dy [batch, p, q, c], dx [batch, height, width, c], both float32. The average does not count the padding. The stock
 * kernel and the plain JavaScript one divide by the filter's size even there, so that their gradient is not that of the
 * average.
 */
export function avgPoolGrad({ inputs, backend, attrs }: Call<'dy' | 'input', PoolingAttributes>): TensorInfo {
  const { dy, input } = inputs;
  const result = backend.makeOutput(input.shape, 'float32');
  floatsOf(backend, result).fill(0);
  const calls = forPictures(backend, [input, dy, result], attrs, (_, ...rest) => ['averagePoolGradient', ...rest]);
  runLayers(backend, ...calls);
  return result;
}
