// Dot products of four queries with the eight base rows of a panel: of int16 or, with relaxed SIMD, of int8 in half the time.
//
// relaxed_dot_i8x16_i7x16_s adds two products of an int8 and an int7: here x, |x| <= 127, of a base row, and q + 64,
// |q| <= 63, of a query. That is at most 2 * 127 * 127, so that no sum saturates, and the int7 has no upper bit: all that
// the instruction leaves to the processor is out of reach. The int16 sums of a chunk of columns start at -64 sum(x). They
// may wrap on the way, but end at sum(x q), which int16 can hold, since |x| |q| < 2^15 in every lane (quantize.ts).
import * as layout from '../memory-layout';

const GROUP: usize = 32; // bytes of a panel with two columns of int16 or four of int8
const CHUNK = <usize>(layout.CHUNK / 4) * GROUP;

// @ts-ignore: decorator
@inline
function multiplyAdd(sum: v128, s: v128, x: v128, narrow: bool): v128 {
  if (ASC_FEATURE_RELAXED_SIMD) if (narrow) return i16x8.add(sum, i16x8.relaxed_dot_i8x16_i7x16_s(x, s));
  return i32x4.add(sum, i32x4.dot_i16x8_s(s, x));
}

// @ts-ignore: decorator
@inline
function addTo(out: usize, sum: v128, narrow: bool): void {
  v128.store(out, i32x4.add(v128.load(out), narrow ? i32x4.extadd_pairwise_i16x8_s(sum) : sum));
}

/** Adds the products of a chunk's columns to out, int32 [4, 8]; the sums start with x0 and y0. */
// @ts-ignore: decorator
@inline
function addChunk(a: usize, b: usize, end: usize, x0: v128, y0: v128, out: usize, narrow: bool): void {
  let c00 = x0, c01 = y0, c10 = x0, c11 = y0, c20 = x0, c21 = y0, c30 = x0, c31 = y0;
  for (; b < end; b += GROUP, a += GROUP) {
    const x = v128.load(b), y = v128.load(b, 16);
    let s = v128.load32_splat(a);
    c00 = multiplyAdd(c00, s, x, narrow);
    c01 = multiplyAdd(c01, s, y, narrow);
    s = v128.load32_splat(a, 4);
    c10 = multiplyAdd(c10, s, x, narrow);
    c11 = multiplyAdd(c11, s, y, narrow);
    s = v128.load32_splat(a, 8);
    c20 = multiplyAdd(c20, s, x, narrow);
    c21 = multiplyAdd(c21, s, y, narrow);
    s = v128.load32_splat(a, 12);
    c30 = multiplyAdd(c30, s, x, narrow);
    c31 = multiplyAdd(c31, s, y, narrow);
  }
  addTo(out, c00, narrow);
  addTo(out + 16, c01, narrow);
  addTo(out + 32, c10, narrow);
  addTo(out + 48, c11, narrow);
  addTo(out + 64, c20, narrow);
  addTo(out + 80, c21, narrow);
  addTo(out + 96, c30, narrow);
  addTo(out + 112, c31, narrow);
}

/** Computes what the sums of each chunk of a panel of int8 start with, int16 [8, 2]. */
export function chunkStarts(panel: usize, bytes: usize, starts: usize): void {
  if (!ASC_FEATURE_RELAXED_SIMD) return;
  const offset = i8x16.splat(<i8>layout.INT7_OFFSET), end = panel + bytes;
  for (; panel < end; starts += GROUP) {
    let x = i16x8.splat(0), y = x;
    for (const last = min(panel + CHUNK, end); panel < last; panel += GROUP) {
      x = i16x8.sub(x, i16x8.relaxed_dot_i8x16_i7x16_s(v128.load(panel), offset));
      y = i16x8.sub(y, i16x8.relaxed_dot_i8x16_i7x16_s(v128.load(panel, 16), offset));
    }
    v128.store(starts, x);
    v128.store(starts, y, 16);
  }
}

/** Computes the products of four queries, at a, with a panel of the base; starts as chunkStarts gives them, for int8. */
export function products(a: usize, b: usize, bytes: usize, narrow: bool, starts: usize, out: usize): void {
  const zero = i32x4.splat(0), end = b + bytes;
  for (let at = 0; at < layout.TILE_BYTES; at += 16) v128.store(out + <usize>at, zero);
  if (!narrow) addChunk(a, b, end, zero, zero, out, false);
  else if (ASC_FEATURE_RELAXED_SIMD)
    for (; b < end; a += CHUNK, b += CHUNK, starts += GROUP)
      addChunk(a, b, min(b + CHUNK, end), v128.load(starts), v128.load(starts, 16), out, true);
}
