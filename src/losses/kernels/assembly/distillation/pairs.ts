// All pairs of rows: dot products, distances, and the gradient with respect to rows from that with respect to pairs.
//
// A matrix of pairs is float32 [width, width], where width is the number of rows n padded to a multiple of 16.
// Embeddings are stored row by row, [width, stride] with stride a multiple of 8, or transposed, [size, width]; padding
// is 0.
import { exp4 } from './math';

/** Returns the address of entry i, j of a matrix. */
// @ts-ignore: decorator
@inline
export function at(matrix: usize, width: i32, i: i32, j: i32): usize {
  return matrix + (<usize>(i * width + j) << 2);
}

/** Transposes [width, stride] to [size, width]. */
export function transpose(rows: usize, n: i32, stride: i32, size: i32, width: i32, columns: usize): void {
  for (let i = 0; i < n; i++)
    for (let k = 0; k < size; k++) store<f32>(at(columns, width, k, i), load<f32>(at(rows, stride, i, k)));
}

// @ts-ignore: decorator
@inline
function put(to: usize, first: v128, second: v128): void {
  v128.store(to, first);
  v128.store(to, second, 16);
}

/** Computes products of all pairs (or squares of their differences), summed one after the other as in the original. */
// @ts-ignore: decorator
@inline
function sums(columns: usize, n: i32, size: i32, width: i32, out: usize, differences: bool): void {
  const pitch = <usize>width << 2;
  for (let i = 0; i < n; i += 4) {
    for (let j = i & ~7; j < width; j += 8) {
      let a0 = f32x4.splat(0), a1 = a0, b0 = a0, b1 = a0, c0 = a0, c1 = a0, d0 = a0, d1 = a0;
      let left = columns + (<usize>i << 2), right = columns + (<usize>j << 2);
      for (let k = 0; k < size; k++, left += pitch, right += pitch) {
        const x = v128.load(right), y = v128.load(right, 16);
        const a = v128.load32_splat(left), b = v128.load32_splat(left, 4);
        const c = v128.load32_splat(left, 8), d = v128.load32_splat(left, 12);
        if (differences) {
          const ax = f32x4.sub(a, x), ay = f32x4.sub(a, y), bx = f32x4.sub(b, x), by = f32x4.sub(b, y);
          const cx = f32x4.sub(c, x), cy = f32x4.sub(c, y), dx = f32x4.sub(d, x), dy = f32x4.sub(d, y);
          a0 = f32x4.add(a0, f32x4.mul(ax, ax));
          a1 = f32x4.add(a1, f32x4.mul(ay, ay));
          b0 = f32x4.add(b0, f32x4.mul(bx, bx));
          b1 = f32x4.add(b1, f32x4.mul(by, by));
          c0 = f32x4.add(c0, f32x4.mul(cx, cx));
          c1 = f32x4.add(c1, f32x4.mul(cy, cy));
          d0 = f32x4.add(d0, f32x4.mul(dx, dx));
          d1 = f32x4.add(d1, f32x4.mul(dy, dy));
        } else {
          a0 = f32x4.add(a0, f32x4.mul(a, x));
          a1 = f32x4.add(a1, f32x4.mul(a, y));
          b0 = f32x4.add(b0, f32x4.mul(b, x));
          b1 = f32x4.add(b1, f32x4.mul(b, y));
          c0 = f32x4.add(c0, f32x4.mul(c, x));
          c1 = f32x4.add(c1, f32x4.mul(c, y));
          d0 = f32x4.add(d0, f32x4.mul(d, x));
          d1 = f32x4.add(d1, f32x4.mul(d, y));
        }
      }
      const to = at(out, width, i, j);
      put(to, a0, a1);
      put(to + pitch, b0, b1);
      put(to + 2 * pitch, c0, c1);
      put(to + 3 * pitch, d0, d1);
    }
  }
  for (let i = 1; i < n; i++) for (let j = 0; j < i; j++) store<f32>(at(out, width, i, j), load<f32>(at(out, width, j, i)));
}

/** Computes S = E E^T. */
export function similarities(columns: usize, n: i32, size: i32, width: i32, out: usize): void {
  sums(columns, n, size, width, out, false);
}

/** Computes |e_i - e_j|^2 from differences: exactly 0 for equal rows, and 0 beyond row n. */
export function squaredDifferences(columns: usize, n: i32, size: i32, width: i32, out: usize): void {
  sums(columns, n, size, width, out, true);
  for (let i = 0; i < n; i++) for (let j = n; j < width; j++) store<f32>(at(out, width, i, j), 0);
}

/** Adds scale sqrt(max(s_ii + s_jj - 2 s_ij, 1e-12)) to D: with scale 1 / T, T teachers give their mean distance. */
export function addDistances(s: usize, n: i32, width: i32, scale: f32, d: usize, norms: usize): void {
  for (let i = 0; i < width; i++) store<f32>(norms + (<usize>i << 2), i < n ? load<f32>(at(s, width, i, i)) : 0);
  const least = f32x4.splat(1e-12), factor = f32x4.splat(scale), two = f32x4.splat(2), bytes = <usize>width << 2;
  for (let i = 0; i < n; i++) {
    const own = v128.load32_splat(norms + (<usize>i << 2)), si = at(s, width, i, 0), di = at(d, width, i, 0);
    for (let k: usize = 0; k < bytes; k += 16) {
      const square = f32x4.sub(f32x4.add(own, v128.load(norms + k)), f32x4.mul(two, v128.load(si + k)));
      const distance = f32x4.sqrt(f32x4.max(square, least));
      v128.store(di + k, f32x4.add(v128.load(di + k), f32x4.mul(factor, distance)));
    }
  }
}

/** Computes out = exp(scale x) or, if `squared`, exp(scale x^2), of whole matrices. */
export function exponentials(x: usize, floats: i32, scale: f32, squared: bool, out: usize): void {
  const factor = f32x4.splat(scale), end = <usize>floats << 2;
  for (let k: usize = 0; k < end; k += 16) {
    const value = v128.load(x + k);
    v128.store(out + k, exp4(f32x4.mul(factor, squared ? f32x4.mul(value, value) : value)));
  }
}

/** Turns g from with respect to distances to squared distances: g / (2 d), 0 where the distance is clamped. */
export function bySquares(d: usize, n: i32, width: i32, g: usize): void {
  const clamped: f32 = sqrt<f32>(1e-12);
  for (let i = 0; i < n; i++)
    for (let j = 0; j < n; j++) {
      const distance = load<f32>(at(d, width, i, j)), to = at(g, width, i, j);
      store<f32>(to, distance > clamped ? <f32>0.5 * load<f32>(to) / distance : 0);
    }
}

/** Sets g to scale (g + g^T). */
// @ts-ignore: decorator
@inline
function bothWays(g: usize, n: i32, width: i32, scale: f32): void {
  for (let i = 0; i < n; i++)
    for (let j = 0; j <= i; j++) {
      const ij = at(g, width, i, j), ji = at(g, width, j, i), both = scale * (load<f32>(ij) + load<f32>(ji));
      store<f32>(ij, both);
      store<f32>(ji, both);
    }
}

/**
 * Computes the gradient with respect to rows, [width, stride]: scale sum_j (g_ij + g_ji) e_j. g is that with respect to
 * similarities, and is overwritten.
 */
export function gradientOfSimilarities(
  rows: usize, n: i32, stride: i32, width: i32, g: usize, scale: f32, out: usize,
): void {
  bothWays(g, n, width, scale);
  const pitch = <usize>stride << 2, across = <usize>width << 2;
  for (let i = 0; i < n; i += 4) {
    const gi = at(g, width, i, 0);
    for (let k: usize = 0; k < pitch; k += 32) {
      let a0 = f32x4.splat(0), a1 = a0, b0 = a0, b1 = a0, c0 = a0, c1 = a0, d0 = a0, d1 = a0, e = rows + k;
      for (let j = gi, end = gi + (<usize>n << 2); j < end; j += 4, e += pitch) {
        const x = v128.load(e), y = v128.load(e, 16);
        const a = v128.load32_splat(j), b = v128.load32_splat(j + across);
        const c = v128.load32_splat(j + 2 * across), d = v128.load32_splat(j + 3 * across);
        a0 = f32x4.add(a0, f32x4.mul(a, x));
        a1 = f32x4.add(a1, f32x4.mul(a, y));
        b0 = f32x4.add(b0, f32x4.mul(b, x));
        b1 = f32x4.add(b1, f32x4.mul(b, y));
        c0 = f32x4.add(c0, f32x4.mul(c, x));
        c1 = f32x4.add(c1, f32x4.mul(c, y));
        d0 = f32x4.add(d0, f32x4.mul(d, x));
        d1 = f32x4.add(d1, f32x4.mul(d, y));
      }
      const to = out + <usize>i * pitch + k;
      put(to, a0, a1);
      put(to + pitch, b0, b1);
      put(to + 2 * pitch, c0, c1);
      put(to + 3 * pitch, d0, d1);
    }
  }
}

/**
 * Computes the gradient with respect to rows: 2 scale sum_j (g_ij + g_ji) (e_i - e_j). g is that with respect to
 * squared distances, and is overwritten.
 */
export function gradientOfSquares(
  rows: usize, n: i32, stride: i32, width: i32, g: usize, scale: f32, out: usize,
): void {
  bothWays(g, n, width, 2 * scale);
  const pitch = <usize>stride << 2;
  for (let i = 0; i < n; i += 2) {
    const i2 = min(i + 1, n - 1), gi = at(g, width, i, 0), gi2 = at(g, width, i2, 0);
    for (let k: usize = 0; k < pitch; k += 32) {
      const a = rows + <usize>i * pitch + k, b = rows + <usize>i2 * pitch + k;
      const a0 = v128.load(a), a1 = v128.load(a, 16), b0 = v128.load(b), b1 = v128.load(b, 16);
      let x0 = f32x4.splat(0), x1 = x0, y0 = x0, y1 = x0, e = rows + k;
      for (let j: usize = 0, end = <usize>n << 2; j < end; j += 4, e += pitch) {
        const x = v128.load32_splat(gi + j), y = v128.load32_splat(gi2 + j), e0 = v128.load(e), e1 = v128.load(e, 16);
        x0 = f32x4.add(x0, f32x4.mul(x, f32x4.sub(a0, e0)));
        x1 = f32x4.add(x1, f32x4.mul(x, f32x4.sub(a1, e1)));
        y0 = f32x4.add(y0, f32x4.mul(y, f32x4.sub(b0, e0)));
        y1 = f32x4.add(y1, f32x4.mul(y, f32x4.sub(b1, e1)));
      }
      put(out + <usize>i * pitch + k, x0, x1);
      put(out + <usize>i2 * pitch + k, y0, y1);
    }
  }
}
