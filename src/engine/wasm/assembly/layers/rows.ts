// Rows of tokens: layer normalization, and the softmax of attention. Rows of any length.
import { max4, sum4 } from '../simd';
import { exponential, writeConstants } from './functions';

/**
 * Computes y = (x - mean) / sqrt(variance + eps) scale + shift for each row; keeps 1 / sqrt(variance + eps) and the
 * mean. The pointers to scale and shift may be 0.
 */
export function layerNorm(
  x: usize, scale: usize, shift: usize, y: usize, means: usize, inverses: usize, rows: i32, length: i32, epsilon: f32,
): void {
  const vectors = (<usize>length >> 2) << 4, bytes = <usize>length << 2;
  for (let row = 0; row < rows; row++, x += bytes, y += bytes) {
    let sums = f32x4.splat(0), c: usize = 0;
    for (; c < vectors; c += 16) sums = f32x4.add(sums, v128.load(x + c));
    let sum = sum4(sums);
    for (; c < bytes; c += 4) sum += load<f32>(x + c);
    const mean: f32 = sum / <f32>length, centre = f32x4.splat(mean);
    sums = f32x4.splat(0);
    for (c = 0; c < vectors; c += 16) {
      const value = f32x4.sub(v128.load(x + c), centre);
      sums = f32x4.add(sums, f32x4.mul(value, value));
    }
    sum = sum4(sums);
    for (; c < bytes; c += 4) sum += (load<f32>(x + c) - mean) * (load<f32>(x + c) - mean);
    const inverse: f32 = 1 / sqrt<f32>(sum / <f32>length + epsilon), factor = f32x4.splat(inverse);
    store<f32>(means + (<usize>row << 2), mean);
    store<f32>(inverses + (<usize>row << 2), inverse);
    for (c = 0; c < vectors; c += 16) {
      let value = f32x4.mul(f32x4.sub(v128.load(x + c), centre), factor);
      if (scale) value = f32x4.add(f32x4.mul(value, v128.load(scale + c)), v128.load(shift + c));
      v128.store(y + c, value);
    }
    for (; c < bytes; c += 4) {
      let value = (load<f32>(x + c) - mean) * inverse;
      if (scale) value = value * load<f32>(scale + c) + load<f32>(shift + c);
      store<f32>(y + c, value);
    }
  }
}

/**
 * Computes the gradient of `layerNorm` with respect to x. Adds those with respect to scale and shift to `dScale` and
 * `dShift`, if given.
 */
export function layerNormGradient(
  dy: usize, x: usize, scale: usize, means: usize, inverses: usize, dx: usize, dScale: usize, dShift: usize, rows: i32, length: i32,
): void {
  const vectors = (<usize>length >> 2) << 4, bytes = <usize>length << 2;
  for (let row = 0; row < rows; row++, x += bytes, dy += bytes, dx += bytes) {
    const mean = load<f32>(means + (<usize>row << 2)), inverse = load<f32>(inverses + (<usize>row << 2));
    const centre = f32x4.splat(mean), factor = f32x4.splat(inverse);
    let sums = f32x4.splat(0), alongs = f32x4.splat(0), c: usize = 0;
    for (; c < vectors; c += 16) {
      const hat = f32x4.mul(f32x4.sub(v128.load(x + c), centre), factor);
      let g = v128.load(dy + c);
      if (scale) {
        v128.store(dShift + c, f32x4.add(v128.load(dShift + c), g));
        v128.store(dScale + c, f32x4.add(v128.load(dScale + c), f32x4.mul(g, hat)));
        g = f32x4.mul(g, v128.load(scale + c));
      }
      sums = f32x4.add(sums, g);
      alongs = f32x4.add(alongs, f32x4.mul(g, hat));
    }
    let sum = sum4(sums), along = sum4(alongs);
    for (; c < bytes; c += 4) {
      const hat = (load<f32>(x + c) - mean) * inverse;
      let g = load<f32>(dy + c);
      if (scale) {
        store<f32>(dShift + c, load<f32>(dShift + c) + g);
        store<f32>(dScale + c, load<f32>(dScale + c) + g * hat);
        g *= load<f32>(scale + c);
      }
      sum += g;
      along += g * hat;
    }
    sum /= <f32>length;
    along /= <f32>length;
    const meanGradient = f32x4.splat(sum), meanAlong = f32x4.splat(along);
    for (c = 0; c < vectors; c += 16) {
      const hat = f32x4.mul(f32x4.sub(v128.load(x + c), centre), factor);
      let g = v128.load(dy + c);
      if (scale) g = f32x4.mul(g, v128.load(scale + c));
      v128.store(dx + c, f32x4.mul(f32x4.sub(f32x4.sub(g, meanGradient), f32x4.mul(hat, meanAlong)), factor));
    }
    for (; c < bytes; c += 4) {
      let g = load<f32>(dy + c);
      if (scale) g *= load<f32>(scale + c);
      store<f32>(dx + c, (g - sum - (load<f32>(x + c) - mean) * inverse * along) * inverse);
    }
  }
}

/** Computes y = softmax(factor x) of each row; y may be x. Constants are kept at `k`. */
export function softmax(x: usize, y: usize, rows: i32, length: i32, factor: f32, k: usize): void {
  writeConstants(k);
  const vectors = (<usize>length >> 2) << 4, bytes = <usize>length << 2, scale = f32x4.splat(factor);
  for (let row = 0; row < rows; row++, x += bytes, y += bytes) {
    let most = f32x4.splat(-Infinity), c: usize = 0;
    for (; c < vectors; c += 16) most = f32x4.pmax(most, v128.load(x + c));
    let greatest = max4(most);
    for (; c < bytes; c += 4) greatest = max(greatest, load<f32>(x + c));
    const top = f32x4.splat(greatest);
    let sums = f32x4.splat(0);
    for (c = 0; c + 32 <= vectors; c += 32) {
      const first = exponential(f32x4.mul(f32x4.sub(v128.load(x + c), top), scale), k);
      const second = exponential(f32x4.mul(f32x4.sub(v128.load(x + c, 16), top), scale), k);
      v128.store(y + c, first);
      v128.store(y + c, second, 16);
      sums = f32x4.add(f32x4.add(sums, first), second);
    }
    for (; c < vectors; c += 16) {
      const value = exponential(f32x4.mul(f32x4.sub(v128.load(x + c), top), scale), k);
      v128.store(y + c, value);
      sums = f32x4.add(sums, value);
    }
    let sum = sum4(sums);
    for (; c < bytes; c += 4) {
      const value = f32x4.extract_lane(exponential(f32x4.splat((load<f32>(x + c) - greatest) * factor), k), 0);
      store<f32>(y + c, value);
      sum += value;
    }
    const share: f32 = 1 / sum, shares = f32x4.splat(share);
    for (c = 0; c < vectors; c += 16) v128.store(y + c, f32x4.mul(v128.load(y + c), shares));
    for (; c < bytes; c += 4) store<f32>(y + c, load<f32>(y + c) * share);
  }
}

/** Computes dx = factor y (dy - sum of dy y), the gradient of y = softmax(factor x) with respect to x; dx may be dy. */
export function softmaxGradient(dy: usize, y: usize, dx: usize, rows: i32, length: i32, factor: f32): void {
  const vectors = (<usize>length >> 2) << 4, bytes = <usize>length << 2, scale = f32x4.splat(factor);
  for (let row = 0; row < rows; row++, y += bytes, dy += bytes, dx += bytes) {
    let sums = f32x4.splat(0), c: usize = 0;
    for (; c < vectors; c += 16) sums = f32x4.add(sums, f32x4.mul(v128.load(dy + c), v128.load(y + c)));
    let sum = sum4(sums);
    for (; c < bytes; c += 4) sum += load<f32>(dy + c) * load<f32>(y + c);
    const along = f32x4.splat(sum);
    for (c = 0; c < vectors; c += 16)
      v128.store(dx + c, f32x4.mul(f32x4.mul(f32x4.sub(v128.load(dy + c), along), v128.load(y + c)), scale));
    for (; c < bytes; c += 4) store<f32>(dx + c, (load<f32>(dy + c) - sum) * load<f32>(y + c) * factor);
  }
}
