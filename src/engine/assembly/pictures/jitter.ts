// Pillow's ImageEnhance on 8-bit pictures, in place: degenerate + factor (picture - degenerate), the fraction cut off.
import { pixel, storePixel } from './resample';

// @ts-ignore: decorator
@inline
function luma(at: usize): i32 {
  return (19595 * <i32>load<u8>(at) + 38470 * <i32>load<u8>(at, 1) + 7471 * <i32>load<u8>(at, 2) + 0x8000) >> 16;
}

/** Towards or away from black. */
export function brightness(at: usize, pixels: i32, factor: f32): void {
  blend(at, pixels, 0, factor);
}

/** Towards or away from the mean grey. */
export function contrast(at: usize, pixels: i32, factor: f32): void {
  let sum: i64 = 0;
  for (let i = 0; i < pixels; i++) sum += luma(at + 3 * <usize>i);
  blend(at, pixels, <i32>(<f64>sum / <f64>pixels + 0.5), factor);
}

/** Towards or away from each pixel's grey. */
export function saturation(at: usize, pixels: i32, factor: f32): void {
  for (const end = at + 3 * <usize>pixels; at < end; at += 3) one(at, f32x4.splat(<f32>luma(at)), f32x4.splat(factor));
}

function blend(at: usize, pixels: i32, grey: i32, factor: f32): void {
  const g = f32x4.splat(<f32>grey), f = f32x4.splat(factor);
  for (const end = at + 3 * <usize>pixels; at < end; at += 3) one(at, g, f);
}

// @ts-ignore: decorator
@inline
function one(at: usize, grey: v128, factor: v128): void {
  const next = load<u8>(at, 3); // a fourth byte is written, and is the next pixel's
  const change = f32x4.mul(factor, f32x4.sub(f32x4.convert_i32x4_s(pixel(at)), grey));
  storePixel(at, i32x4.trunc_sat_f32x4_s(f32x4.add(grey, change)));
  store<u8>(at, next, 3);
}
