// asc: -O3 --noAssert --runtime stub --enable simd --initialMemory 2
// Turns pictures of [h, w, 3] bytes into squares of [size, size, 3] bytes, as Pillow, torchvision and timm do. Each
// thread has its own instance: reserve, write the pixels, then evaluate or augment.
import { UNIFORMS, reset, take } from './pictures/arena';
import * as crop from './pictures/crop';
import { brightness, contrast, saturation } from './pictures/jitter';
import { resample } from './pictures/resample';

let source: usize = 0;

/** Returns the address to which the caller writes a picture's pixels. */
export function reserve(w: i32, h: i32, channels: i32): usize {
  reset();
  return (source = take(<usize>w * <usize>h * <usize>channels));
}

/** Returns the address to which the caller writes the 27 draws of an augmentation, f64. */
export function uniforms(): usize {
  return UNIFORMS;
}

/** Converts the reserved picture from CMYK to RGB as Pillow does: (255 - K) (1 - ink / 255), rounded. */
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

// torchvision's offset of a centre crop; negative if the crop is padded
function offset(length: i32, size: i32): i32 {
  return length < size ? -((size - length) >> 1) : <i32>nearest<f64>(<f64>(length - size) / 2);
}

/** Resizes the shorter side to `shorter`, the longer one in proportion, and crops the centre to `size`. */
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
 * Prepares a picture for training: with `crops` a random crop, resized, else as `evaluate`; then mirrored at random;
 * with `jitters` its colours are changed.
 *
 * Of the draws, 20 are for the crop's tries, 2 for its place, 1 for mirroring, 1 for the order of the colour changes
 * and 3 for their factors.
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
