// asc: -O3 --noAssert --runtime stub --enable simd --initialMemory 2
// Pictures of [h, w, 3] bytes to squares of [size, size, 3] bytes, as Pillow, torchvision and timm make them. Each
// thread has an instance of its own: reserve, fill in the pixels, then evaluate or augment.
import { UNIFORMS, reset, take } from './pictures/arena';
import * as crop from './pictures/crop';
import { brightness, contrast, saturation } from './pictures/jitter';
import { resample } from './pictures/resample';

let source: usize = 0;

/** Where the caller writes a picture's pixels. */
export function reserve(w: i32, h: i32, channels: i32): usize {
  reset();
  return (source = take(<usize>w * <usize>h * <usize>channels));
}

/** Where the caller writes the 27 draws of an augmentation, f64. */
export function uniforms(): usize {
  return UNIFORMS;
}

/** The reserved picture from CMYK to RGB as Pillow does: what black leaves, less each ink of it. */
export function fromCmyk(pixels: i32): void {
  let from = source, to = source;
  for (let i = 0; i < pixels; i++) {
    const white = 255 - <i32>load<u8>(from, 3);
    for (let c: usize = 0; c < 3; c++) {
      const ink = <i32>load<u8>(from + c) * white + 128;
      store<u8>(to + c, <u8>(white - (((ink >> 8) + ink) >> 8)));
    }
    from += 4;
    to += 3;
  }
}

// torchvision's offset of a centre crop; negative where it pads
function offset(length: i32, size: i32): i32 {
  return length < size ? -((size - length) >> 1) : <i32>nearest<f64>(<f64>(length - size) / 2);
}

/** Shorter side to `shorter`, the longer in proportion, centre crop to `size`. */
export function evaluate(w: i32, h: i32, shorter: i32, size: i32, filter: i32): usize {
  const outW = w <= h ? shorter : <i32>(<f64>shorter * <f64>w / <f64>h);
  const outH = w <= h ? <i32>(<f64>shorter * <f64>h / <f64>w) : shorter;
  const left = offset(outW, size), top = offset(outH, size);
  return resample(source, 3 * <usize>w, w, h, outW, outH, left, top, size, filter);
}

function mirror(picture: usize, size: i32): void {
  for (let y = 0; y < size; y++) {
    let a = picture + 3 * <usize>(y * size), b = a + 3 * <usize>(size - 1);
    for (; a < b; a += 3, b -= 3)
      for (let c: usize = 0; c < 3; c++) {
        const value = load<u8>(a + c);
        store<u8>(a + c, load<u8>(b + c));
        store<u8>(b + c, value);
      }
  }
}

function jitter(picture: usize, pixels: i32): void {
  const order = min(<i32>(6 * load<f64>(UNIFORMS, 8 * 23)), 5), first = order >> 1;
  const second = (first + 1 + (order & 1)) % 3;
  for (let i = 0; i < 3; i++) {
    const which = i == 0 ? first : i == 1 ? second : 3 - first - second;
    const factor = <f32>(0.6 + 0.8 * load<f64>(UNIFORMS + 8 * <usize>which, 8 * 24));
    if (which == 0) brightness(picture, pixels, factor);
    else if (which == 1) contrast(picture, pixels, factor);
    else saturation(picture, pixels, factor);
  }
}

/**
 * For training: a random crop resized (or as `evaluate`), mirrored or not, its colours changed (or not).
 *
 * Draws: 20 for the crop's tries, 2 for its place, 1 for the mirror, 1 for the order, 3 for the factors.
 */
export function augment(w: i32, h: i32, shorter: i32, size: i32, filter: i32, crops: bool, jitters: bool): usize {
  let picture: usize;
  if (crops) {
    crop.chooseCrop(w, h, UNIFORMS);
    const stride = 3 * <usize>w, from = source + stride * <usize>crop.top + 3 * <usize>crop.left;
    picture = resample(from, stride, crop.width, crop.height, size, size, 0, 0, size, filter);
  } else picture = evaluate(w, h, shorter, size, filter);
  if (load<f64>(UNIFORMS, 8 * 22) < 0.5) mirror(picture, size);
  if (jitters) jitter(picture, size * size);
  return picture;
}
