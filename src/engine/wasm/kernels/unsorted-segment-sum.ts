import { util, type TensorInfo } from '../../../tf.js';
import { floatsOf } from '../heap.js';
import type { Call } from './kernel.js';

/**
 * Computes UnsortedSegmentSum: y[s] = sum of x[i] over the i with ids[i] = s; x [n, ...], ids [n] int32,
 * y [segments, ...].
 *
 * It is the gradient of gathering rows. Ids out of range are ignored.
 */
export function unsortedSegmentSum({
  inputs: { x, segmentIds },
  backend,
  attrs: { numSegments },
}: Call<'x' | 'segmentIds', { readonly numSegments: number }>): TensorInfo {
  if (!util.arraysEqual(x.shape.slice(0, segmentIds.shape.length), segmentIds.shape))
    throw new Error(`unsortedSegmentSum: ids [${segmentIds.shape.join()}] do not fit x [${x.shape.join()}]`);
  const inner = x.shape.slice(segmentIds.shape.length);
  const size = util.sizeFromShape(inner);
  const result = backend.makeOutput([numSegments, ...inner], x.dtype);
  const sums = floatsOf(backend, result).fill(0);
  const values = floatsOf(backend, x);
  const ids = backend.typedArrayFromHeap(segmentIds);
  for (let i = 0, at = 0; i < ids.length; i++) {
    const behind = at + size;
    if (ids[i] >= 0 && ids[i] < numSegments)
      for (let to = ids[i] * size; at < behind; at++, to++) sums[to] += values[at];
    at = behind;
  }
  return result;
}
