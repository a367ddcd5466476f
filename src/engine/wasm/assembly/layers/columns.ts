// Rows of channels, one row for each pixel or token: what comes before and after convolutions and linear layers. A
// pointer that is 0 means that this operand is not given. Columns are computed 4 at a time, the last ones one by one.

/** Sums over rows are first taken over chunks of this many, for precision and to stay in the cache. */
const CHUNK: i32 = 64;

/** Bytes of a line of the cache: rows are read by whole lines, since those of one column may push each other out. */
const LINE: usize = 64;

/** Computes y = relu(x factor + offset + shortcut); y may be x. */
export function affine(
  x: usize, factor: usize, offset: usize, shortcut: usize, y: usize, rows: i32, channels: i32, relu: i32,
): void {
  const zero = f32x4.splat(0), vectors = (<usize>channels >> 2) << 4, bytes = <usize>channels << 2;
  for (let row = 0; row < rows; row++) {
    let c: usize = 0;
    for (; c < vectors; c += 16) {
      let value = v128.load(x + c);
      if (factor) value = f32x4.mul(value, v128.load(factor + c));
      if (offset) value = f32x4.add(value, v128.load(offset + c));
      if (shortcut) value = f32x4.add(value, v128.load(shortcut + c));
      if (relu) value = f32x4.pmax(value, zero);
      v128.store(y + c, value);
    }
    for (; c < bytes; c += 4) {
      let value = load<f32>(x + c);
      if (factor) value *= load<f32>(factor + c);
      if (offset) value += load<f32>(offset + c);
      if (shortcut) value += load<f32>(shortcut + c);
      if (relu) value = value < 0 ? 0 : value;
      store<f32>(y + c, value);
    }
    x += bytes;
    y += bytes;
    if (shortcut) shortcut += bytes;
  }
}

/**
 * Computes g = dy where y > 0, else 0 (without y: g = dy), `sums` of g over the rows, and `products`, the sums of
 * g (x - mean).
 *
 * Without `g` only the sums are kept. They are added to the numbers that `sums` and `products` hold. Rows are of
 * `channels` numbers, of which the first `columns` are taken.
 */
export function maskedSums(
  dy: usize, y: usize, g: usize, x: usize, mean: usize, sums: usize, products: usize, rows: i32, channels: i32, columns: i32,
): void {
  const step = <usize>channels << 2, bytes = <usize>columns << 2;
  for (let start = 0; start < rows; start += CHUNK) {
    const count = min(CHUNK, rows - start), at = <usize>start * step;
    let c: usize = 0;
    if (products)
      for (; c + 16 <= bytes; c += 16) withProducts(dy, y, g, x, mean, sums, products, count, step, at, c);
    else {
      for (; c + LINE <= bytes; c += LINE) line(dy, y, g, sums, count, step, at, c);
      for (; c + 16 <= bytes; c += 16) lanes(dy, y, g, sums, count, step, at, c);
    }
    for (; c < bytes; c += 4) single(dy, y, g, x, mean, sums, products, count, step, at, c);
  }
}

/** Returns dy, or 0 where y is not positive, of four columns; keeps it in g. */
// @ts-ignore: decorator
@inline
function masked(dy: usize, y: usize, g: usize, at: usize): v128 {
  let value = v128.load(dy + at);
  if (y) value = v128.and(value, f32x4.gt(v128.load(y + at), f32x4.splat(0)));
  if (g) v128.store(g + at, value);
  return value;
}

// @ts-ignore: decorator
@inline
function addVector(to: usize, value: v128): void {
  v128.store(to, f32x4.add(v128.load(to), value));
}

function line(dy: usize, y: usize, g: usize, sums: usize, count: i32, step: usize, at: usize, c: usize): void {
  let s0 = f32x4.splat(0), s1 = s0, s2 = s0, s3 = s0;
  for (let row = 0, from = at + c; row < count; row++, from += step) {
    s0 = f32x4.add(s0, masked(dy, y, g, from));
    s1 = f32x4.add(s1, masked(dy, y, g, from + 16));
    s2 = f32x4.add(s2, masked(dy, y, g, from + 32));
    s3 = f32x4.add(s3, masked(dy, y, g, from + 48));
  }
  addVector(sums + c, s0);
  addVector(sums + c + 16, s1);
  addVector(sums + c + 32, s2);
  addVector(sums + c + 48, s3);
}

function lanes(dy: usize, y: usize, g: usize, sums: usize, count: i32, step: usize, at: usize, c: usize): void {
  let sum = f32x4.splat(0);
  for (let row = 0, from = at + c; row < count; row++, from += step) sum = f32x4.add(sum, masked(dy, y, g, from));
  addVector(sums + c, sum);
}

function withProducts(
  dy: usize, y: usize, g: usize, x: usize, mean: usize, sums: usize, products: usize, count: i32, step: usize, at: usize, c: usize,
): void {
  const centre = v128.load(mean + c);
  let sum = f32x4.splat(0), product = sum;
  for (let row = 0, from = at + c; row < count; row++, from += step) {
    const value = masked(dy, y, g, from);
    sum = f32x4.add(sum, value);
    product = f32x4.add(product, f32x4.mul(value, f32x4.sub(v128.load(x + from), centre)));
  }
  addVector(sums + c, sum);
  addVector(products + c, product);
}

// @ts-ignore: decorator
@inline
function single(
  dy: usize, y: usize, g: usize, x: usize, mean: usize, sums: usize, products: usize, count: i32, step: usize, at: usize, c: usize,
): void {
  const centre: f32 = products ? load<f32>(mean + c) : 0;
  let sum: f32 = 0, product: f32 = 0, from = at + c;
  for (let row = 0; row < count; row++) {
    let value = load<f32>(dy + from);
    if (y) value = load<f32>(y + from) > 0 ? value : 0;
    if (g) store<f32>(g + from, value);
    sum += value;
    if (products) product += value * (load<f32>(x + from) - centre);
    from += step;
  }
  store<f32>(sums + c, load<f32>(sums + c) + sum);
  if (products) store<f32>(products + c, load<f32>(products + c) + product);
}

/**
 * Computes dw = dv factor, and adds the sums of dv w over the rows to `sums`; dw may be dv. Rows are of `channels`
 * numbers, of which the first `columns` are taken.
 */
export function scaledGradient(
  dv: usize, w: usize, factor: usize, dw: usize, sums: usize, rows: i32, channels: i32, columns: i32,
): void {
  const step = <usize>channels << 2, bytes = <usize>columns << 2;
  for (let start = 0; start < rows; start += CHUNK) {
    const count = min(CHUNK, rows - start), at = <usize>start * step;
    let c: usize = 0;
    for (; c + LINE <= bytes; c += LINE) {
      const f0 = v128.load(factor + c), f1 = v128.load(factor + c, 16), f2 = v128.load(factor + c, 32), f3 = v128.load(factor + c, 48);
      let s0 = f32x4.splat(0), s1 = s0, s2 = s0, s3 = s0;
      for (let row = 0, from = at + c; row < count; row++, from += step) {
        s0 = f32x4.add(s0, scaled(dv, w, dw, f0, from));
        s1 = f32x4.add(s1, scaled(dv, w, dw, f1, from + 16));
        s2 = f32x4.add(s2, scaled(dv, w, dw, f2, from + 32));
        s3 = f32x4.add(s3, scaled(dv, w, dw, f3, from + 48));
      }
      addVector(sums + c, s0);
      addVector(sums + c + 16, s1);
      addVector(sums + c + 32, s2);
      addVector(sums + c + 48, s3);
    }
    for (; c + 16 <= bytes; c += 16) {
      const scale = v128.load(factor + c);
      let sum = f32x4.splat(0);
      for (let row = 0, from = at + c; row < count; row++, from += step) sum = f32x4.add(sum, scaled(dv, w, dw, scale, from));
      addVector(sums + c, sum);
    }
    for (; c < bytes; c += 4) {
      const scale = load<f32>(factor + c);
      let sum: f32 = 0;
      for (let row = 0, from = at + c; row < count; row++, from += step) {
        const value = load<f32>(dv + from);
        sum += value * load<f32>(w + from);
        store<f32>(dw + from, value * scale);
      }
      store<f32>(sums + c, load<f32>(sums + c) + sum);
    }
  }
}

/** Keeps dv times a factor in dw, and returns dv w, of four columns. */
// @ts-ignore: decorator
@inline
function scaled(dv: usize, w: usize, dw: usize, factor: v128, at: usize): v128 {
  const value = v128.load(dv + at), product = f32x4.mul(value, v128.load(w + at));
  v128.store(dw + at, f32x4.mul(value, factor));
  return product;
}

/** Adds the sums of (x - mean)^2 over the rows, of `channels` numbers each, to `sums` for the first `columns`. */
export function squares(x: usize, mean: usize, sums: usize, rows: i32, channels: i32, columns: i32): void {
  const step = <usize>channels << 2, bytes = <usize>columns << 2;
  for (let start = 0; start < rows; start += CHUNK) {
    const count = min(CHUNK, rows - start), at = <usize>start * step;
    let c: usize = 0;
    for (; c + 16 <= bytes; c += 16) {
      const centre = v128.load(mean + c);
      let sum = f32x4.splat(0);
      for (let row = 0, from = at + c; row < count; row++, from += step) {
        const value = f32x4.sub(v128.load(x + from), centre);
        sum = f32x4.add(sum, f32x4.mul(value, value));
      }
      addVector(sums + c, sum);
    }
    for (; c < bytes; c += 4) {
      const centre = load<f32>(mean + c);
      let sum: f32 = 0;
      for (let row = 0, from = at + c; row < count; row++, from += step) {
        const value = load<f32>(x + from) - centre;
        sum += value * value;
      }
      store<f32>(sums + c, load<f32>(sums + c) + sum);
    }
  }
}

/** Computes y = a p + b q + offset, where each column has its own a, b and offset; y may be p or q. */
export function combine(p: usize, q: usize, a: usize, b: usize, offset: usize, y: usize, rows: i32, channels: i32): void {
  const vectors = (<usize>channels >> 2) << 4, bytes = <usize>channels << 2;
  for (let row = 0; row < rows; row++, p += bytes, q += bytes, y += bytes) {
    let c: usize = 0;
    for (; c < vectors; c += 16) {
      const first = f32x4.mul(v128.load(p + c), v128.load(a + c)), second = f32x4.mul(v128.load(q + c), v128.load(b + c));
      v128.store(y + c, f32x4.add(f32x4.add(first, second), v128.load(offset + c)));
    }
    for (; c < bytes; c += 4)
      store<f32>(y + c, load<f32>(p + c) * load<f32>(a + c) + load<f32>(q + c) * load<f32>(b + c) + load<f32>(offset + c));
  }
}
