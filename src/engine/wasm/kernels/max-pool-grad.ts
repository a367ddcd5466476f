import type { TensorInfo } from '../../../tf.js';
import { floatsOf } from '../heap.js';
import { layerFunctions } from '../layers.js';
import type { Call } from './kernel.js';
import { forPictures, windows, type PoolingAttributes } from './pooling.js';

/**
 * Computes MaxPoolGrad: each dy[b, p, q, c] is added at the largest x of its window, the first of equal ones.
 *
 * x [batch, height, width, c], dy [batch, p, q, c], dx like x, all float32. The stock kernel loses the gradient where
 * all values of a window are negative, gives it to the last of equal values, and misplaces it for sizes rounded up.
 */
export function maxPoolGrad({ inputs, backend, attrs }: Call<'dy' | 'input', PoolingAttributes>): TensorInfo {
  const { dy, input } = inputs;
  const channels = input.shape[3];
  const result = backend.makeOutput(input.shape, 'float32');
  const sums = floatsOf(backend, result).fill(0);
  const functions = layerFunctions(backend);
  if (functions !== undefined) {
    forPictures(backend, [input, dy, result], attrs, functions.maxPoolGradient);
    return result;
  }
  const values = floatsOf(backend, input);
  const gradients = floatsOf(backend, dy);
  const largest = new Float32Array(channels);
  const place = new Int32Array(channels);
  windows(input, dy, attrs).forEach((output, pixels) => {
    pixels.forEach((pixel, first) => {
      const from = pixel * channels;
      for (let c = 0; c < channels; c++)
        if (first === 0 || values[from + c] > largest[c]) {
          largest[c] = values[from + c];
          place[c] = from + c;
        }
    });
    if (pixels.length > 0) for (let c = 0; c < channels; c++) sums[place[c]] += gradients[output * channels + c];
  });
  return result;
}
