import type { TensorInfo } from '../../../tf.js';
import { floatsOf } from '../heap.js';
import { runLayers } from '../layers/functions.js';
import type { Call } from './kernel.js';
import { forPictures, type PoolingAttributes } from './pooling.js';

/**
 * Computes MaxPoolGrad: each dy[b, p, q, c] is added at the largest x of its window, the first of equal ones.
 *
 * x [batch, height, width, c], dy [batch, p, q, c], dx like x, all float32. The stock kernel loses the gradient where
 * all values of a window are negative, gives it to the last of equal values, and misplaces it for sizes rounded up.
 */
export function maxPoolGrad({ inputs, backend, attrs }: Call<'dy' | 'input', PoolingAttributes>): TensorInfo {
  const { dy, input } = inputs;
  const result = backend.makeOutput(input.shape, 'float32');
  floatsOf(backend, result).fill(0);
  const calls = forPictures(backend, [input, dy, result], attrs, (...given) => ['maxPoolGradient', ...given]);
  runLayers(backend, ...calls);
  return result;
}
