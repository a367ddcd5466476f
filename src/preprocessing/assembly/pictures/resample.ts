// Pillow's resampling of 8-bit pictures: horizontally, then vertically, rounded to 8 bits after each pass.
import { take } from './arena';
import { PRECISION, coefficients, weightsEach } from './coefficients';

// @ts-ignore: decorator
@inline
export function pixel(at: usize): v128 {
  return i32x4.extend_low_i16x8_u(i16x8.extend_low_i8x16_u(v128.load32_zero(at)));
}

/** Resamples `rows` rows of `stride` bytes at `source` to rows of `count` pixels at `to`. */
function across(source: usize, stride: usize, rows: i32, table: usize, each: i32, count: i32, to: usize): void {
  const half = i32x4.splat(1 << (PRECISION - 1)), all = table + (<usize>count << 3);
  for (let y = 0; y < rows; y++) {
    for (let x = 0; x < count; x++) {
      const entry = table + (<usize>x << 3);
      let at = source + 3 * <usize>load<i32>(entry), w = all + 4 * <usize>(x * each), sums = half;
      const end = w + 4 * <usize>load<i32>(entry, 4);
      for (; w < end; w += 4) {
        sums = i32x4.add(sums, i32x4.mul(pixel(at), v128.load32_splat(w)));
        at += 3;
      }
      sums = i32x4.shr_s(sums, PRECISION);
      const words = i16x8.narrow_i32x4_s(sums, sums);
      v128.store32_lane(to, i8x16.narrow_i16x8_u(words, words), 0);
      to += 3;
    }
    source += stride;
  }
}

/** Resamples rows of `bytes` bytes, the first of them row `first` of the source, to `count` rows. */
function down(source: usize, bytes: usize, first: i32, table: usize, each: i32, count: i32, to: usize): void {
  const half = i32x4.splat(1 << (PRECISION - 1)), all = table + (<usize>count << 3);
  for (let y = 0; y < count; y++) {
    const entry = table + (<usize>y << 3);
    const from = source + bytes * <usize>(load<i32>(entry) - first);
    const weights = all + 4 * <usize>(y * each), end = weights + 4 * <usize>load<i32>(entry, 4);
    for (let b: usize = 0; b < bytes; b += 16) {
      let at = from + b, s0 = half, s1 = half, s2 = half, s3 = half;
      for (let w = weights; w < end; w += 4) {
        const k = v128.load32_splat(w), v = v128.load(at);
        const low = i16x8.extend_low_i8x16_u(v), high = i16x8.extend_high_i8x16_u(v);
        s0 = i32x4.add(s0, i32x4.mul(i32x4.extend_low_i16x8_u(low), k));
        s1 = i32x4.add(s1, i32x4.mul(i32x4.extend_high_i16x8_u(low), k));
        s2 = i32x4.add(s2, i32x4.mul(i32x4.extend_low_i16x8_u(high), k));
        s3 = i32x4.add(s3, i32x4.mul(i32x4.extend_high_i16x8_u(high), k));
        at += bytes;
      }
      const a = i16x8.narrow_i32x4_s(i32x4.shr_s(s0, PRECISION), i32x4.shr_s(s1, PRECISION));
      const c = i16x8.narrow_i32x4_s(i32x4.shr_s(s2, PRECISION), i32x4.shr_s(s3, PRECISION));
      v128.store(to + bytes * <usize>y + b, i8x16.narrow_i16x8_u(a, c));
    }
  }
}

/**
 * Resizes a picture of w x h at `source` to outW x outH and returns its window of side `size` at (left, top), black
 * where it lies outside.
 */
export function resample(
  source: usize, stride: usize, w: i32, h: i32, outW: i32, outH: i32, left: i32, top: i32, size: i32, filter: i32,
): usize {
  const x0 = max(left, 0), y0 = max(top, 0);
  const columns = min(left + size, outW) - x0, rows = min(top + size, outH) - y0, bytes = 3 * <usize>columns;
  const horizontal = coefficients(w, outW, x0, columns, filter), vertical = coefficients(h, outH, y0, rows, filter);
  const first = load<i32>(vertical), last = vertical + (<usize>(rows - 1) << 3);
  const needed = load<i32>(last) + load<i32>(last, 4) - first;
  const between = take(bytes * <usize>needed), small = take(bytes * <usize>rows);
  across(source + stride * <usize>first, stride, needed, horizontal, weightsEach(w, outW, filter), columns, between);
  down(between, bytes, first, vertical, weightsEach(h, outH, filter), rows, small);
  if (columns == size && rows == size) return small;
  const full = 3 * <usize>size, padded = take(full * <usize>size);
  memory.fill(padded, 0, full * <usize>size);
  for (let y = 0; y < rows; y++)
    memory.copy(padded + full * <usize>(y + y0 - top) + 3 * <usize>(x0 - left), small + bytes * <usize>y, bytes);
  return padded;
}
