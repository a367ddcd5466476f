import type { TensorInfo } from '../../../tf.js';
import { addressOf, floatsOf } from '../heap.js';
import { machineOf } from '../machine.js';
import { convolutionInfo, type ConvolutionAttributes } from './convolution.js';
import type { Call } from './kernel.js';
import { forImages, imagesOf, PixelTables, type Places } from './pixels.js';

interface Attributes extends ConvolutionAttributes {
  readonly inputShape: [number, number, number, number];
}

/** Holds the places of the input that equal `phase` modulo the stride, and the taps of the filter that reach them. */
interface Phase {
  readonly places: Places;
  /** For each of these taps, the places of the output whose gradient it reads, or -1. */
  readonly taps: readonly { readonly tap: number; readonly from: Places }[];
}

function phases(inputs: number, outputs: number, size: number, stride: number, padding: number): Phase[] {
  return Array.from({ length: Math.min(stride, inputs) }, (_, phase) => {
    const places = Array.from({ length: Math.ceil((inputs - phase) / stride) }, (__, i) => phase + i * stride);
    const reaching = Array.from({ length: size }, (__, tap) => tap).filter(
      (tap) => (phase + padding - tap) % stride === 0,
    );
    const from = (tap: number) =>
      places.map((place) => {
        const output = (place + padding - tap) / stride;
        return output < 0 || output >= outputs ? -1 : output;
      });
    return { places, taps: reaching.map((tap) => ({ tap, from: from(tap) })) };
  });
}

/**
 * Computes Conv2DBackpropInput: dx[b, y, x, c] = sum of dy[b, p, q, o] w[i, j, c, o] over i, j, p, q, o with
 * y = s p + i - t, x = s q + j - l.
 *
 * dy [batch, p, q, o], w [h, w, c, o], dx [batch, height, width, c], all float32; stride s, padding t above and l to
 * the left. Pixels whose places are equal modulo s are reached by the same taps of the filter, and by each tap from
 * one pixel of dy. So there are s x s matrix products, and no multiplication by the zeros that a stride puts between
 * pixels.
 */
export function conv2dBackpropInput({ inputs, backend, attrs }: Call<'dy' | 'filter', Attributes>): TensorInfo {
  const { dy, filter } = inputs;
  const info = convolutionInfo(attrs.inputShape, filter.shape, attrs);
  const { filterHeight, filterWidth, inChannels, outChannels, strideHeight, strideWidth, padInfo } = info;
  // the attributes do not say how output sizes were rounded, but dy has these sizes
  const [, outHeight, outWidth] = dy.shape;
  const result = backend.makeOutput(attrs.inputShape, 'float32');
  if (strideHeight > filterHeight || strideWidth > filterWidth) floatsOf(backend, result).fill(0);
  const gradients = imagesOf(addressOf(backend, dy), dy);
  const images = imagesOf(addressOf(backend, result), result);
  const base = addressOf(backend, filter);
  const all = phases(info.inHeight, outHeight, filterHeight, strideHeight, padInfo.top);
  const across = phases(info.inWidth, outWidth, filterWidth, strideWidth, padInfo.left);
  const reached = all.flatMap((rows) => across.map((columns) => ({ rows, columns })));
  for (const { rows, columns } of reached.filter(({ rows: y, columns: x }) => y.taps.length * x.taps.length > 0)) {
    const numTaps = rows.taps.length * columns.taps.length;
    const size = rows.places.length * columns.places.length;
    forImages(info.batchSize, size * numTaps, (first, behind) => {
      machineOf(backend).compute((workspace) => {
        const tables = new PixelTables(workspace, first, behind, Math.max(inChannels, outChannels));
        const pairs = rows.taps.flatMap((y) => columns.taps.map((x) => ({ y, x })));
        const padded = Math.ceil(inChannels / 8) * 8;
        const table = workspace.table(padded, (integers, at) => {
          for (let i = 0; i < padded; i++) integers[at + i] = Math.min(i, inChannels - 1) * outChannels * 4;
        });
        const a = pairs.map(({ y, x }) => ({ by: 'columns' as const, ...tables.of(gradients, y.from, x.from) }));
        const b = pairs.map(({ y, x }) => {
          const matrix = (y.tap * filterWidth + x.tap) * inChannels * outChannels * 4;
          return { by: 'columns' as const, table, base: base + matrix };
        });
        const c = tables.of(images, rows.places, columns.places);
        const depths = Array<number>(numTaps).fill(outChannels);
        return { m: (behind - first) * size, n: inChannels, depths, items: [{ a, b, c }] };
      });
    });
  }
  return result;
}
