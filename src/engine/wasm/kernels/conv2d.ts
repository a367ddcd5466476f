import type { TensorInfo } from '@tensorflow/tfjs';
import { addressOf } from '../heap.js';
import { machineOf } from '../machine.js';
import { convolutionInfo, forImages, imagesOf, pixels, taps, zeroRow, type ConvolutionAttributes } from './convolution.js';
import type { Call } from './kernel.js';

/**
 * Conv2D: y[b, p, q, o] = sum over i, j, c of x[b, s p + d i - t, s q + d j - l, c] w[i, j, c, o].
 *
 * x [batch, height, width, c], w [h, w, c, o], both float32. As a product: the pixels under each tap of the filter by that tap's
 * matrix [c, o]. The stock kernel packs the filter anew for each new tensor, at 10 ns a number, and is wrong for 'same'
 * padding with a stride above the filter's size and for sizes rounded up.
 */
export function conv2d({ inputs, backend, attrs }: Call<'x' | 'filter', ConvolutionAttributes>): TensorInfo {
  const { x, filter } = inputs;
  const info = convolutionInfo(x.shape, filter.shape, attrs);
  const { filterHeight, filterWidth, inChannels, outChannels, outHeight, outWidth, padInfo } = info;
  const result = backend.makeOutput(info.outShape, 'float32');
  const images = imagesOf(addressOf(backend, x), x);
  const outputs = imagesOf(addressOf(backend, result), result);
  const whole = taps(outHeight, outHeight, 1, 1, 1, 0)[0];
  const wholeRow = taps(outWidth, outWidth, 1, 1, 1, 0)[0];
  const rows = taps(outHeight, info.inHeight, filterHeight, info.strideHeight, info.dilationHeight, padInfo.top);
  const columns = taps(outWidth, info.inWidth, filterWidth, info.strideWidth, info.dilationWidth, padInfo.left);
  const numTaps = filterHeight * filterWidth;
  forImages(info.batchSize, outHeight * outWidth * numTaps, (first, behind) => {
    machineOf(backend).compute((workspace) => {
      const zeros = zeroRow(workspace, inChannels);
      const table = workspace.table(numTaps * inChannels, (integers, at) => {
        for (let i = 0; i < numTaps * inChannels; i++) integers[at + i] = i * outChannels * 4;
      });
      const base = addressOf(backend, filter);
      return {
        m: (behind - first) * outHeight * outWidth,
        n: outChannels,
        depths: Array<number>(numTaps).fill(inChannels),
        items: [
          {
            a: rows.flatMap((y) =>
              columns.map((z) => ({ by: 'columns' as const, ...pixels(workspace, images, first, behind, y, z, zeros) })),
            ),
            b: Array.from({ length: numTaps }, (_, tap) => ({ by: 'rows' as const, table: table + tap * inChannels * 4, base })),
            c: pixels(workspace, outputs, first, behind, whole, wholeRow, zeros),
          },
        ],
      };
    });
  });
  return result;
}
