// Pillow's ImageEnhance on 8-bit pictures, in place: degenerate + factor (picture - degenerate), rounded toward zero.
import { pixel } from './resample';
import { take } from './arena';

// @ts-ignore: decorator
@inline
function luma(at: usize): i32 {
  return (19595 * <i32>load<u8>(at) + 38470 * <i32>load<u8>(at, 1) + 7471 * <i32>load<u8>(at, 2) + 0x8000) >> 16;
}

/** Moves colours towards or away from black. */
export function brightness(at: usize, pixels: i32, factor: f32): void {
  blend(at, pixels, 0, factor);
}

/** Moves colours towards or away from the mean grey. */
export function contrast(at: usize, pixels: i32, factor: f32): void {
  let sum: i64 = 0;
  for (let i = 0; i < pixels; i++) sum += luma(at + 3 * <usize>i);
  blend(at, pixels, <i32>(<f64>sum / <f64>pixels + 0.5), factor);
}

// with one grey for all pixels, the result depends on the byte's value only
function blend(at: usize, pixels: i32, grey: i32, factor: f32): void {
  const table = take(256);
  for (let value = 0; value < 256; value++) {
    const blended = <f32>grey + factor * <f32>(value - grey);
    store<u8>(table + value, <u8>min<f32>(max<f32>(blended, 0), 255));
  }
  for (const end = at + 3 * <usize>pixels; at < end; at++) store<u8>(at, load<u8>(table + load<u8>(at)));
}

/** Moves colours towards or away from each pixel's own grey. */
export function saturation(at: usize, pixels: i32, factor: f32): void {
  const factors = f32x4.splat(factor);
  for (const end = at + 3 * <usize>pixels; at < end; at += 3) {
    const grey = f32x4.splat(<f32>luma(at));
    const change = f32x4.mul(factors, f32x4.sub(f32x4.convert_i32x4_s(pixel(at)), grey));
    const whole = i32x4.trunc_sat_f32x4_s(f32x4.add(grey, change)), words = i16x8.narrow_i32x4_s(whole, whole);
    const bytes = i32x4.extract_lane(i8x16.narrow_i16x8_u(words, words), 0);
    store<u16>(at, <u16>bytes); // not the fourth byte: the next load would have to wait
    store<u8>(at, <u8>(bytes >> 16), 2);
  }
}
