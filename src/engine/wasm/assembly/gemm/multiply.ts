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

/** Writes a tile of C whose first number lies at column offset `at`; `height` and `width` say how much of C is left. */
// @ts-ignore: decorator
@inline
function putTile(
  s0: v128, s1: v128, s2: v128, s3: v128, s4: v128, s5: v128, s6: v128, s7: v128,
  row: usize, at: usize, height: i32, width: i32, adds: bool, edge: usize,
): void {
  if (height >= 4 && width >= 8) {
    put(load<usize>(row) + at, s0, s1, adds);
    put(load<usize>(row, 4) + at, s2, s3, adds);
    put(load<usize>(row, 8) + at, s4, s5, adds);
    put(load<usize>(row, 12) + at, s6, s7, adds);
  } else {
    v128.store(edge, s0);
    v128.store(edge, s1, 16);
    v128.store(edge, s2, 32);
    v128.store(edge, s3, 48);
    v128.store(edge, s4, 64);
    v128.store(edge, s5, 80);
    v128.store(edge, s6, 96);
    v128.store(edge, s7, 112);
    putEdge(edge, row, at, min(4, height), min(8, width), adds);
  }
}

/** Computes the 8 columns of C, of which `n` exist, that one panel of B gives. */
function onePanel(a: usize, b: usize, k: i32, m: i32, n: i32, table: usize, at: usize, adds: bool, edge: usize): void {
  const aPanel = <usize>k << 4;
  let p = a;
  for (let i = 0; i < m; i += 4) {
    const end = p + aPanel;
    let s0 = f32x4.splat(0), s1 = f32x4.splat(0), s2 = f32x4.splat(0), s3 = f32x4.splat(0);
    let s4 = f32x4.splat(0), s5 = f32x4.splat(0), s6 = f32x4.splat(0), s7 = f32x4.splat(0);
    let q = b;
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
    putTile(s0, s1, s2, s3, s4, s5, s6, s7, table + (<usize>i << 2), at, m - i, n, adds, edge);
  }
}

/** Computes the 16 columns of C, of which `n` exist, that two panels of B give: for V8's vectors of 256 bits. */
function twoPanels(
  a: usize, b: usize, bPanel: usize, k: i32, m: i32, n: i32, table: usize, at: usize, adds: bool, edge: usize,
): void {
  const aPanel = <usize>k << 4;
  let p = a;
  for (let i = 0; i < m; i += 4) {
    const end = p + aPanel;
    let s0 = f32x4.splat(0), s1 = f32x4.splat(0), s2 = f32x4.splat(0), s3 = f32x4.splat(0);
    let s4 = f32x4.splat(0), s5 = f32x4.splat(0), s6 = f32x4.splat(0), s7 = f32x4.splat(0);
    let t0 = f32x4.splat(0), t1 = f32x4.splat(0), t2 = f32x4.splat(0), t3 = f32x4.splat(0);
    let t4 = f32x4.splat(0), t5 = f32x4.splat(0), t6 = f32x4.splat(0), t7 = f32x4.splat(0);
    let q = b;
    do {
      const b0 = v128.load(q), b1 = v128.load(q, 16), b2 = v128.load(q + bPanel), b3 = v128.load(q + bPanel, 16);
      const x0 = v128.load32_splat(p);
      s0 = multiplyAdd(x0, b0, s0);
      s1 = multiplyAdd(x0, b1, s1);
      t0 = multiplyAdd(x0, b2, t0);
      t1 = multiplyAdd(x0, b3, t1);
      const x1 = v128.load32_splat(p, 4);
      s2 = multiplyAdd(x1, b0, s2);
      s3 = multiplyAdd(x1, b1, s3);
      t2 = multiplyAdd(x1, b2, t2);
      t3 = multiplyAdd(x1, b3, t3);
      const x2 = v128.load32_splat(p, 8);
      s4 = multiplyAdd(x2, b0, s4);
      s5 = multiplyAdd(x2, b1, s5);
      t4 = multiplyAdd(x2, b2, t4);
      t5 = multiplyAdd(x2, b3, t5);
      const x3 = v128.load32_splat(p, 12);
      s6 = multiplyAdd(x3, b0, s6);
      s7 = multiplyAdd(x3, b1, s7);
      t6 = multiplyAdd(x3, b2, t6);
      t7 = multiplyAdd(x3, b3, t7);
      p += 16;
      q += 32;
    } while (p < end);
    const row = table + (<usize>i << 2);
    putTile(s0, s1, s2, s3, s4, s5, s6, s7, row, at, m - i, n, adds, edge);
    putTile(t0, t1, t2, t3, t4, t5, t6, t7, row, at + 32, m - i, n - 8, adds, edge);
  }
}

/**
 * Computes C = A B, or C += A B, for packed A [m / 4][k][4] and B [n / 8][.][8] whose panels lie `bPanel` bytes apart.
 *
 * Row i of C begins at table[i] + offset. Tiles that reach beyond C are first written to the 128 bytes at `edge`. Two
 * panels of B are taken at once if `wide`, with the same result.
 */
export function multiply(a: usize, b: usize, bPanel: usize, k: i32, m: i32, n: i32, table: usize, offset: usize, accumulate: i32, wide: i32, edge: usize): void {
  const adds = accumulate != 0;
  for (let j = 0; j < n; ) {
    const left = n - j, right = b + (<usize>j >> 3) * bPanel, at = offset + (<usize>j << 2);
    if (wide && left > 8) {
      twoPanels(a, right, bPanel, k, m, left, table, at, adds, edge);
      j += 16;
    } else {
      onePanel(a, right, k, m, left, table, at, adds, edge);
      j += 8;
    }
  }
}
