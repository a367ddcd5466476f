import type { backend_util } from '../../../tf.js';

/** Returns the padding with which rounding down gives the output sizes that the operation asks for. */
export function explicitPadding(info: backend_util.Conv2DInfo): backend_util.ExplicitPadding {
  const { top, bottom, left, right } = info.padInfo;
  const reachY = (info.outHeight - 1) * info.strideHeight + info.effectiveFilterHeight;
  const reachX = (info.outWidth - 1) * info.strideWidth + info.effectiveFilterWidth;
  return [
    [0, 0],
    [top, Math.max(bottom, reachY - info.inHeight - top)],
    [left, Math.max(right, reachX - info.inWidth - left)],
    [0, 0],
  ];
}
