import type { TensorInfo } from '../../../tf.js';
import { addressOf, floatsOf } from '../heap.js';
import { machineOf } from '../machine.js';
import { convolutionInfo, reading, type ConvolutionAttributes } from './convolution.js';
import type { Call } from './kernel.js';
import { everywhere, forImages, imagesOf, PixelTables } from './pixels.js';

interface Attributes extends ConvolutionAttributes {
  readonly filterShape: [number, number, number, number];
}

/**
 * Computes Conv2DBackpropFilter: dw[i, j, c, o] = sum over b, p, q of
 * x[b, s p + i - t, s q + j - l, c] dy[b, p, q, o].
 *
 * x [batch, height, width, c], dy [batch, p, q, o], dw [h, w, c, o], all float32; stride s, padding t above and l to
 * the left. It is one matrix product for each tap of the filter: the pixels under it, transposed, times dy.
 */
export function conv2dBackpropFilter({ inputs, backend, attrs }: Call<'x' | 'dy', Attributes>): TensorInfo {
  const { x, dy } = inputs;
  const [, outHeight, outWidth, outChannels] = dy.shape;
  // the attributes do not say how output sizes were rounded, but dy has these sizes
  const info = { ...convolutionInfo(x.shape, attrs.filterShape, attrs), outHeight, outWidth };
  const result = backend.makeOutput(attrs.filterShape, 'float32');
  floatsOf(backend, result).fill(0);
  const { images, rows, columns, depth, release } = reading(x, info, backend);
  const gradients = imagesOf(addressOf(backend, dy), dy);
  const matrix = depth * outChannels * 4;
  forImages(info.batchSize, outHeight * outWidth * rows.length * columns.length, (first, behind) => {
    machineOf(backend).compute((workspace) => {
      const tables = new PixelTables(workspace, first, behind, Math.max(depth, outChannels));
      const b = [{ by: 'rows' as const, ...tables.of(gradients, everywhere(outHeight), everywhere(outWidth)) }];
      const table = workspace.table(depth, (integers, at) => {
        for (let i = 0; i < depth; i++) integers[at + i] = i * outChannels * 4;
      });
      const all = rows.flatMap((y) => columns.map((z) => tables.of(images, y, z)));
      const items = all.map((pixels, tap) => ({
        a: [{ by: 'rows' as const, ...pixels }],
        b,
        c: { table, base: addressOf(backend, result) + tap * matrix },
      }));
      const depths = [(behind - first) * outHeight * outWidth];
      return { m: depth, n: outChannels, depths, items, accumulate: true };
    });
  });
  release();
  return result;
}
