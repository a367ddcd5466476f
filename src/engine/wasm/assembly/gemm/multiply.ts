import { multiplyAdd } from '../multiply-add';

// @ts-ignore: decorator
@inline
function put(to: usize, low: v128, high: v128, accumulate: bool): void {
  if (accumulate) {
    low = f32x4.add(low, v128.load(to));
    high = f32x4.add(high, v128.load(to, 16));
  }
  v128.store(to, low);
  v128.store(to, high, 16);
}

/** Copies the part of a tile that lies within C, `height` rows of `width` numbers, from the 128 bytes at `edge`. */
function putEdge(edge: usize, row: usize, at: usize, height: i32, width: i32, accumulate: bool): void {
  for (let r = 0; r < height; r++) {
    let from = edge + (<usize>r << 5), to = load<usize>(row + (<usize>r << 2)) + at;
    for (let left = width; left > 0; left--, from += 4, to += 4) {
      const value = load<f32>(from);
      store<f32>(to, accumulate ? load<f32>(to) + value : value);
    }
  }
}

/**
 * Computes C = A B, or C += A B, for packed A [m / 4][k][4] and B [n / 8][.][8] whose panels lie `bPanel` bytes apart.
 *
 * Row i of C begins at table[i] + offset. Tiles that reach beyond C are first written to the 128 bytes at `edge`.
 */
export function multiply(a: usize, b: usize, bPanel: usize, k: i32, m: i32, n: i32, table: usize, offset: usize, accumulate: i32, edge: usize): void {
  const aPanel = <usize>k << 4, adds = accumulate != 0;
  for (let j = 0; j < n; j += 8) {
    const right = b + (<usize>j >> 3) * bPanel, at = offset + (<usize>j << 2);
    let p = a;
    for (let i = 0; i < m; i += 4) {
      const row = table + (<usize>i << 2), end = p + aPanel;
      let s0 = f32x4.splat(0), s1 = f32x4.splat(0), s2 = f32x4.splat(0), s3 = f32x4.splat(0);
      let s4 = f32x4.splat(0), s5 = f32x4.splat(0), s6 = f32x4.splat(0), s7 = f32x4.splat(0);
      let q = right;
      do {
        const b0 = v128.load(q), b1 = v128.load(q, 16);
        const x0 = v128.load32_splat(p);
        s0 = multiplyAdd(x0, b0, s0);
        s1 = multiplyAdd(x0, b1, s1);
        const x1 = v128.load32_splat(p, 4);
        s2 = multiplyAdd(x1, b0, s2);
        s3 = multiplyAdd(x1, b1, s3);
        const x2 = v128.load32_splat(p, 8);
        s4 = multiplyAdd(x2, b0, s4);
        s5 = multiplyAdd(x2, b1, s5);
        const x3 = v128.load32_splat(p, 12);
        s6 = multiplyAdd(x3, b0, s6);
        s7 = multiplyAdd(x3, b1, s7);
        p += 16;
        q += 32;
      } while (p < end); // k is never 0
      if (i + 4 <= m && j + 8 <= n) {
        put(load<usize>(row) + at, s0, s1, adds);
        put(load<usize>(row, 4) + at, s2, s3, adds);
        put(load<usize>(row, 8) + at, s4, s5, adds);
        put(load<usize>(row, 12) + at, s6, s7, adds);
      } else {
        put(edge, s0, s1, false);
        put(edge + 32, s2, s3, false);
        put(edge + 64, s4, s5, false);
        put(edge + 96, s6, s7, false);
        putEdge(edge, row, at, min(4, m - i), min(8, n - j), adds);
      }
    }
  }
}
