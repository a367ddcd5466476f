// Rows of channels, one row for each pixel or token: what comes before and after convolutions and linear layers. A
// pointer that is 0 means that this operand is not given. Columns are computed 4 at a time, the last ones one by one.

/** Sums over rows are first taken over chunks of this many, for precision and to stay in the cache. */
const CHUNK: i32 = 64;

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
 * Without `g` only the sums are kept. They are added to the numbers that `sums` and `products` hold.
 */
export function maskedSums(
  dy: usize, y: usize, g: usize, x: usize, mean: usize, sums: usize, products: usize, rows: i32, channels: i32,
): void {
  const bytes = <usize>channels << 2;
  for (let start = 0; start < rows; start += CHUNK) {
    const count = min(CHUNK, rows - start), at = <usize>start * bytes;
    let c: usize = 0;
    for (; c + 16 <= bytes; c += 16) lanes(dy, y, g, x, mean, sums, products, count, bytes, at, c);
    for (; c < bytes; c += 4) single(dy, y, g, x, mean, sums, products, count, bytes, at, c);
  }
}

// @ts-ignore: decorator
@inline
function lanes(
  dy: usize, y: usize, g: usize, x: usize, mean: usize, sums: usize, products: usize, count: i32, bytes: usize, at: usize, c: usize,
): void {
  const zero = f32x4.splat(0), centre = products ? v128.load(mean + c) : zero;
  let sum = zero, product = zero, from = at + c;
  for (let row = 0; row < count; row++) {
    let value = v128.load(dy + from);
    if (y) value = v128.and(value, f32x4.gt(v128.load(y + from), zero));
    if (g) v128.store(g + from, value);
    sum = f32x4.add(sum, value);
    if (products) product = f32x4.add(product, f32x4.mul(value, f32x4.sub(v128.load(x + from), centre)));
    from += bytes;
  }
  v128.store(sums + c, f32x4.add(v128.load(sums + c), sum));
  if (products) v128.store(products + c, f32x4.add(v128.load(products + c), product));
}

// @ts-ignore: decorator
@inline
function single(
  dy: usize, y: usize, g: usize, x: usize, mean: usize, sums: usize, products: usize, count: i32, bytes: usize, at: usize, c: usize,
): void {
  const centre: f32 = products ? load<f32>(mean + c) : 0;
  let sum: f32 = 0, product: f32 = 0, from = at + c;
  for (let row = 0; row < count; row++) {
    let value = load<f32>(dy + from);
    if (y) value = load<f32>(y + from) > 0 ? value : 0;
    if (g) store<f32>(g + from, value);
    sum += value;
    if (products) product += value * (load<f32>(x + from) - centre);
    from += bytes;
  }
  store<f32>(sums + c, load<f32>(sums + c) + sum);
  if (products) store<f32>(products + c, load<f32>(products + c) + product);
}

/** Computes dw = dv factor, and adds the sums of dv w over the rows to `sums`; dw may be dv. */
export function scaledGradient(dv: usize, w: usize, factor: usize, dw: usize, sums: usize, rows: i32, channels: i32): void {
  const bytes = <usize>channels << 2;
  for (let start = 0; start < rows; start += CHUNK) {
    const count = min(CHUNK, rows - start), at = <usize>start * bytes;
    let c: usize = 0;
    for (; c + 16 <= bytes; c += 16) {
      const scale = v128.load(factor + c);
      let sum = f32x4.splat(0), from = at + c;
      for (let row = 0; row < count; row++, from += bytes) {
        const value = v128.load(dv + from);
        sum = f32x4.add(sum, f32x4.mul(value, v128.load(w + from)));
        v128.store(dw + from, f32x4.mul(value, scale));
      }
      v128.store(sums + c, f32x4.add(v128.load(sums + c), sum));
    }
    for (; c < bytes; c += 4) {
      const scale = load<f32>(factor + c);
      let sum: f32 = 0, from = at + c;
      for (let row = 0; row < count; row++, from += bytes) {
        const value = load<f32>(dv + from);
        sum += value * load<f32>(w + from);
        store<f32>(dw + from, value * scale);
      }
      store<f32>(sums + c, load<f32>(sums + c) + sum);
    }
  }
}

/** Adds the sums of (x - mean)^2 over the rows to `sums`. */
export function squares(x: usize, mean: usize, sums: usize, rows: i32, channels: i32): void {
  const bytes = <usize>channels << 2;
  for (let start = 0; start < rows; start += CHUNK) {
    const count = min(CHUNK, rows - start), at = <usize>start * bytes;
    let c: usize = 0;
    for (; c + 16 <= bytes; c += 16) {
      const centre = v128.load(mean + c);
      let sum = f32x4.splat(0), from = at + c;
      for (let row = 0; row < count; row++, from += bytes) {
        const value = f32x4.sub(v128.load(x + from), centre);
        sum = f32x4.add(sum, f32x4.mul(value, value));
      }
      v128.store(sums + c, f32x4.add(v128.load(sums + c), sum));
    }
    for (; c < bytes; c += 4) {
      const centre = load<f32>(mean + c);
      let sum: f32 = 0, from = at + c;
      for (let row = 0; row < count; row++, from += bytes) {
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
