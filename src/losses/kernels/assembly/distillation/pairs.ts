// All pairs of rows: dot products, distances, and the gradient with respect to rows from that with respect to pairs.
//
// A matrix of pairs is float32 [width, width], where width is the number of rows n padded to a multiple of 16.
// Embeddings are stored row by row, [width, stride] with stride a multiple of 8, or in panels of eight rows,
// [width / 8, stride, 8], which products read one number after the other; padding is 0.

/** Returns the address of entry i, j of a matrix. */
// @ts-ignore: decorator
@inline
export function at(matrix: usize, width: i32, i: i32, j: i32): usize {
  return matrix + (<usize>(i * width + j) << 2);
}

/** Transposes 4 x 4 numbers. The pitches are bytes from row to row. */
// @ts-ignore: decorator
@inline
function transpose(from: usize, pitch: usize, to: usize, toPitch: usize): void {
  const a = v128.load(from), b = v128.load(from + pitch), c = v128.load(from + 2 * pitch), d = v128.load(from + 3 * pitch);
  const ab = i32x4.shuffle(a, b, 0, 4, 1, 5), cd = i32x4.shuffle(c, d, 0, 4, 1, 5);
  v128.store(to, i32x4.shuffle(ab, cd, 0, 1, 4, 5));
  v128.store(to + toPitch, i32x4.shuffle(ab, cd, 2, 3, 6, 7));
  const ab2 = i32x4.shuffle(a, b, 2, 6, 3, 7), cd2 = i32x4.shuffle(c, d, 2, 6, 3, 7);
  v128.store(to + 2 * toPitch, i32x4.shuffle(ab2, cd2, 0, 1, 4, 5));
  v128.store(to + 3 * toPitch, i32x4.shuffle(ab2, cd2, 2, 3, 6, 7));
}

/** Puts rows into panels. */
export function pack(rows: usize, n: i32, stride: i32, panels: usize): void {
  const pitch = <usize>stride << 2;
  for (let i = 0; i < n; i += 4) {
    const from = at(rows, stride, i, 0), to = at(panels, stride, i & ~7, 0) + (<usize>(i & 4) << 2);
    for (let k: usize = 0; k < pitch; k += 16) transpose(from + k, pitch, to + (k << 3), 32);
  }
}

// @ts-ignore: decorator
@inline
function put(to: usize, first: v128, second: v128): void {
  v128.store(to, first);
  v128.store(to, second, 16);
}

/**
 * Computes 4 x 8 sums, one after the other as in the original, of the products of `left`, [., 8] of which four are
 * read, and `right`, [., 8], which ends at `end`; or of the squares of their differences.
 */
// @ts-ignore: decorator
@inline
function tile(left: usize, right: usize, end: usize, to: usize, pitch: usize, differences: bool): void {
  let a0 = f32x4.splat(0), a1 = a0, b0 = a0, b1 = a0, c0 = a0, c1 = a0, d0 = a0, d1 = a0;
  for (; right < end; left += 32, right += 32) {
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
  put(to, a0, a1);
  put(to + pitch, b0, b1);
  put(to + 2 * pitch, c0, c1);
  put(to + 3 * pitch, d0, d1);
}

/** Computes products of all pairs, or squares of their differences: each once, for both orders. */
// @ts-ignore: decorator
@inline
function sums(panels: usize, n: i32, stride: i32, width: i32, out: usize, differences: bool): void {
  const pitch = <usize>width << 2, panel = <usize>stride << 5;
  for (let i = 0; i < n; i += 8)
    for (let j = i; j < n; j += 8) {
      const left = at(panels, stride, i, 0), right = at(panels, stride, j, 0), to = at(out, width, i, j);
      tile(left, right, right + panel, to, pitch, differences);
      tile(left + 16, right, right + panel, to + 4 * pitch, pitch, differences);
      if (i == j) continue;
      const mirror = at(out, width, j, i);
      for (let r: usize = 0; r < 2; r++)
        for (let c: usize = 0; c < 2; c++) transpose(to + 4 * r * pitch + 16 * c, pitch, mirror + 4 * c * pitch + 16 * r, pitch);
    }
}

/** Computes S = E E^T. */
export function similarities(panels: usize, n: i32, stride: i32, width: i32, out: usize): void {
  sums(panels, n, stride, width, out, false);
}

/** Computes |e_i - e_j|^2 from differences: exactly 0 for equal rows, and 0 beyond row n. */
export function squaredDifferences(panels: usize, n: i32, stride: i32, width: i32, out: usize): void {
  sums(panels, n, stride, width, out, true);
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
      const distance = f32x4.sqrt(f32x4.pmax(square, least));
      v128.store(di + k, f32x4.add(v128.load(di + k), f32x4.mul(factor, distance)));
    }
  }
}

/** Turns g from with respect to distances to squared distances: g / (2 d), 0 where the distance is clamped. */
export function bySquares(d: usize, n: i32, width: i32, g: usize): void {
  const clamped = f32x4.splat(sqrt<f32>(1e-12)), half = f32x4.splat(0.5);
  for (let k: usize = 0, end = <usize>(n * width) << 2; k < end; k += 16) {
    const distance = v128.load(d + k), gradient = f32x4.div(f32x4.mul(half, v128.load(g + k)), distance);
    v128.store(g + k, v128.and(gradient, f32x4.gt(distance, clamped)));
  }
}

/** Puts scale (g + g^T) into panels, [width / 8, width, 8], with 0 for rows from n on. */
// @ts-ignore: decorator
@inline
function bothWays(g: usize, n: i32, width: i32, scale: f32, panels: usize): void {
  const pitch = <usize>width << 2, factor = f32x4.splat(scale);
  pack(g, n, width, panels);
  for (let i = 0; i < n; i += 8) {
    let to = at(panels, width, i, 0), from = at(g, width, 0, i);
    for (let j = 0; j < n; j++, to += 32, from += pitch) {
      v128.store(to, f32x4.mul(factor, f32x4.add(v128.load(to), v128.load(from))));
      v128.store(to, f32x4.mul(factor, f32x4.add(v128.load(to, 16), v128.load(from, 16))), 16);
      for (let k = n; k < i + 8; k++) store<f32>(to + (<usize>(k & 7) << 2), 0);
    }
  }
}

/** Copies eight columns. */
// @ts-ignore: decorator
@inline
function copyColumns(from: usize, pitch: usize, n: i32, to: usize, toPitch: usize): void {
  for (let i = 0; i < n; i++, from += pitch, to += toPitch) put(to, v128.load(from), v128.load(from, 16));
}

/**
 * Computes the gradient with respect to rows, [width, stride]: scale sum_j (g_ij + g_ji) e_j, given g, that with
 * respect to similarities.
 *
 * @param scratch a matrix and 16 rows of pairs
 */
export function gradientOfSimilarities(
  rows: usize, n: i32, stride: i32, width: i32, g: usize, scale: f32, out: usize, scratch: usize,
): void {
  const columns = at(scratch, width, width, 0), end = columns + (<usize>n << 5), pitch = <usize>stride << 2;
  bothWays(g, n, width, scale, scratch);
  for (let k: usize = 0; k < pitch; k += 32) {
    copyColumns(rows + k, pitch, n, columns, 32);
    for (let i = 0; i < n; i += 4)
      tile(at(scratch, width, i & ~7, 0) + (<usize>(i & 4) << 2), columns, end, out + <usize>i * pitch + k, pitch, false);
  }
}

/**
 * Adds sum_j g_ij (e_i - e_j) to the sums of the rows i to i + 3 and, where j is behind these, the opposite to that of
 * row j: four columns of e and `sums`, [n, 8]. `g` are the four rows' weights, [n, 8].
 */
// @ts-ignore: decorator
@inline
function addDifferences(g: usize, e: usize, sums: usize, i: i32, n: i32): void {
  const from = <usize>i << 5, own = e + from, to = sums + from, end = <usize>n << 5;
  const a = v128.load(own), b = v128.load(own, 32), c = v128.load(own, 64), d = v128.load(own, 96);
  let a0 = v128.load(to), b0 = v128.load(to, 32), c0 = v128.load(to, 64), d0 = v128.load(to, 96), j = from;
  for (const last = min(from + 128, end); j < last; j += 32) {
    const x = v128.load(e + j);
    a0 = f32x4.add(a0, f32x4.mul(v128.load32_splat(g + j), f32x4.sub(a, x)));
    b0 = f32x4.add(b0, f32x4.mul(v128.load32_splat(g + j, 4), f32x4.sub(b, x)));
    c0 = f32x4.add(c0, f32x4.mul(v128.load32_splat(g + j, 8), f32x4.sub(c, x)));
    d0 = f32x4.add(d0, f32x4.mul(v128.load32_splat(g + j, 12), f32x4.sub(d, x)));
  }
  for (; j < end; j += 32) {
    if (!v128.any_true(v128.load(g + j))) continue;
    const x = v128.load(e + j);
    let other = v128.load(sums + j), part = f32x4.mul(v128.load32_splat(g + j), f32x4.sub(a, x));
    a0 = f32x4.add(a0, part);
    other = f32x4.sub(other, part);
    part = f32x4.mul(v128.load32_splat(g + j, 4), f32x4.sub(b, x));
    b0 = f32x4.add(b0, part);
    other = f32x4.sub(other, part);
    part = f32x4.mul(v128.load32_splat(g + j, 8), f32x4.sub(c, x));
    c0 = f32x4.add(c0, part);
    other = f32x4.sub(other, part);
    part = f32x4.mul(v128.load32_splat(g + j, 12), f32x4.sub(d, x));
    d0 = f32x4.add(d0, part);
    v128.store(sums + j, f32x4.sub(other, part));
  }
  v128.store(to, a0);
  v128.store(to, b0, 32);
  v128.store(to, c0, 64);
  v128.store(to, d0, 96);
}

/**
 * Computes the gradient with respect to rows: 2 scale sum_j (g_ij + g_ji) (e_i - e_j), given g, that with respect to
 * squared distances. Each difference serves both of its rows; where g is 0, as for most pairs of some losses, nothing
 * is computed.
 *
 * @param scratch a matrix and 16 rows of pairs
 */
export function gradientOfSquares(
  rows: usize, n: i32, stride: i32, width: i32, g: usize, scale: f32, out: usize, scratch: usize,
): void {
  const columns = at(scratch, width, width, 0), sums = at(columns, width, 8, 0), pitch = <usize>stride << 2;
  bothWays(g, n, width, 2 * scale, scratch);
  for (let k: usize = 0; k < pitch; k += 32) {
    copyColumns(rows + k, pitch, n, columns, 32);
    memory.fill(sums, 0, <usize>width << 5);
    for (let half: usize = 0; half < 32; half += 16)
      for (let i = 0; i < n; i += 4)
        addDifferences(at(scratch, width, i & ~7, 0) + (<usize>(i & 4) << 2), columns + half, sums + half, i, n);
    copyColumns(sums, 32, n, out + k, pitch);
  }
}
