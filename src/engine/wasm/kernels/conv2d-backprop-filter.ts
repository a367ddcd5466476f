import type { TensorInfo } from '@tensorflow/tfjs';
import { addressOf, floatsOf } from '../heap.js';
import { machineOf } from '../machine.js';
import { convolutionInfo, forImages, imagesOf, pixels, taps, zeroRow, type ConvolutionAttributes } from './convolution.js';
import type { Call } from './kernel.js';

interface Attributes extends ConvolutionAttributes {
  readonly filterShape: [number, number, number, number];
}

/**
 * Conv2DBackpropFilter: dw[i, j, c, o] = sum over b, p, q of x[b, s p + i - t, s q + j - l, c] dy[b, p, q, o].
 *
 * x [batch, height, width, c], dy [batch, p, q, o], dw [h, w, c, o], all float32. As products, one for each tap: the pixels
 * under it, transposed, by dy.
 */
export function conv2dBackpropFilter({ inputs, backend, attrs }: Call<'x' | 'dy', Attributes>): TensorInfo {
  const { x, dy } = inputs;
  const info = convolutionInfo(x.shape, attrs.filterShape, attrs);
  const { filterHeight, filterWidth, inChannels, outChannels, padInfo } = info;
  const [, outHeight, outWidth] = dy.shape;
  const result = backend.makeOutput(attrs.filterShape, 'float32');
  floatsOf(backend, result).fill(0);
  const images = imagesOf(addressOf(backend, x), x);
  const gradients = imagesOf(addressOf(backend, dy), dy);
  const rows = taps(outHeight, info.inHeight, filterHeight, info.strideHeight, 1, padInfo.top);
  const columns = taps(outWidth, info.inWidth, filterWidth, info.strideWidth, 1, padInfo.left);
  forImages(info.batchSize, outHeight * outWidth * filterHeight * filterWidth, (first, behind) => {
    machineOf(backend).compute((workspace) => {
      const zeros = zeroRow(workspace, inChannels);
      const all = [taps(outHeight, outHeight, 1, 1, 1, 0)[0], taps(outWidth, outWidth, 1, 1, 1, 0)[0]] as const;
      const b = [{ by: 'rows' as const, ...pixels(workspace, gradients, first, behind, ...all, zeros) }];
      const table = workspace.table(inChannels, (integers, at) => {
        for (let i = 0; i < inChannels; i++) integers[at + i] = i * outChannels * 4;
      });
      const items = rows.flatMap((y, i) =>
        columns.map((z, j) => ({
          a: [{ by: 'rows' as const, ...pixels(workspace, images, first, behind, y, z, zeros) }],
          b,
          c: { table, base: addressOf(backend, result) + (i * filterWidth + j) * inChannels * outChannels * 4 },
        })),
      );
      const depths = [(behind - first) * outHeight * outWidth];
      return { m: inChannels, n: outChannels, depths, items, accumulate: true };
    });
  });
  return result;
}
