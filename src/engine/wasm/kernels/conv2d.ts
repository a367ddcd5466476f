import type { TensorInfo } from '../../../tf.js';
import { addressOf } from '../heap.js';
import { machineOf } from '../machine.js';
import { convolutionInfo, reading, type ConvolutionAttributes } from './convolution.js';
import type { Call } from './kernel.js';
import { everywhere, forImages, imagesOf, PixelTables } from './pixels.js';

/**
 * Computes Conv2D: y[b, p, q, o] = sum over i, j, c of x[b, s p + d i - t, s q + d j - l, c] w[i, j, c, o].
 *
 * x [batch, height, width, c], w [h, w, c, o], y [batch, p, q, o], all float32; stride s, dilation d, padding t above
 * and l to the left. It is a matrix product: the pixels under each tap of the filter times that tap's matrix [c, o].
 * The stock kernel packs the filter again for each new tensor, at 10 ns a number. It is wrong for 'same' padding with a
 * stride above the filter's size, and for sizes that are rounded up.
 */
export function conv2d({ inputs, backend, attrs }: Call<'x' | 'filter', ConvolutionAttributes>): TensorInfo {
  const { x, filter } = inputs;
  const info = convolutionInfo(x.shape, filter.shape, attrs);
  const { outHeight, outWidth, outChannels } = info;
  const result = backend.makeOutput(info.outShape, 'float32');
  const { images, rows, columns, depth, release } = reading(x, info, backend);
  const outputs = imagesOf(addressOf(backend, result), result);
  const numTaps = rows.length * columns.length;
  forImages(info.batchSize, outHeight * outWidth * numTaps, (first, behind) => {
    machineOf(backend).compute((workspace) => {
      const tables = new PixelTables(workspace, first, behind, depth);
      const weights = workspace.table(numTaps * depth, (integers, at) => {
        for (let i = 0; i < numTaps * depth; i++) integers[at + i] = i * outChannels * 4;
      });
      const base = addressOf(backend, filter);
      const a = rows.flatMap((y) => columns.map((z) => ({ by: 'columns' as const, ...tables.of(images, y, z) })));
      const b = a.map((_, tap) => ({ by: 'rows' as const, table: weights + tap * depth * 4, base }));
      const c = tables.of(outputs, everywhere(outHeight), everywhere(outWidth));
      const m = (behind - first) * outHeight * outWidth;
      return { m, n: outChannels, depths: a.map(() => depth), items: [{ a, b, c }] };
    });
  });
  release();
  return result;
}
