// Functions of four numbers at once, by polynomials: no tables, so that the module needs no memory of its own.

const LOG2E: f32 = 1.44269504;
const LN2_HIGH: f32 = 0.693359375;
const LN2_LOW: f32 = -2.12194440e-4;

/** 1.5 2^23: added to a small number, it leaves the nearest integer in the low bits. */
const ROUNDING: f32 = 12582912;

/**
 * Computes e^x to two units in the last place for x up to 88, and 0 below -87: x = n ln 2 + r, a polynomial for e^r,
 * and 2^n by the exponent's bits. After Cephes.
 */
// @ts-ignore: decorator
@inline
export function exponential(x: v128): v128 {
  const clamped = f32x4.pmax(x, f32x4.splat(-87));
  const rounded = f32x4.add(f32x4.mul(clamped, f32x4.splat(LOG2E)), f32x4.splat(ROUNDING));
  const n = f32x4.sub(rounded, f32x4.splat(ROUNDING));
  const r = f32x4.sub(f32x4.sub(clamped, f32x4.mul(n, f32x4.splat(LN2_HIGH))), f32x4.mul(n, f32x4.splat(LN2_LOW)));
  let p = f32x4.splat(1.9875691500e-4);
  p = f32x4.add(f32x4.mul(p, r), f32x4.splat(1.3981999507e-3));
  p = f32x4.add(f32x4.mul(p, r), f32x4.splat(8.3334519073e-3));
  p = f32x4.add(f32x4.mul(p, r), f32x4.splat(4.1665795894e-2));
  p = f32x4.add(f32x4.mul(p, r), f32x4.splat(1.6666665459e-1));
  p = f32x4.add(f32x4.mul(p, r), f32x4.splat(5.0000001201e-1));
  p = f32x4.add(f32x4.mul(p, f32x4.mul(r, r)), f32x4.add(r, f32x4.splat(1)));
  const power = i32x4.shl(i32x4.add(rounded, i32x4.splat(127)), 23);
  return v128.andnot(f32x4.mul(p, power), f32x4.lt(x, f32x4.splat(-87)));
}

/**
 * Computes the normal distribution's Phi(x) within 1e-7, by Abramowitz and Stegun 7.1.26 for erf(|x| / sqrt 2).
 * `density` is exp(-x^2 / 2).
 */
// @ts-ignore: decorator
@inline
function distribution(x: v128, density: v128): v128 {
  const one = f32x4.splat(1);
  const t = f32x4.div(one, f32x4.add(one, f32x4.mul(f32x4.abs(x), f32x4.splat(0.3275911 * 0.70710678))));
  let p = f32x4.splat(1.061405429);
  p = f32x4.add(f32x4.mul(p, t), f32x4.splat(-1.453152027));
  p = f32x4.add(f32x4.mul(p, t), f32x4.splat(1.421413741));
  p = f32x4.add(f32x4.mul(p, t), f32x4.splat(-0.284496736));
  p = f32x4.add(f32x4.mul(p, t), f32x4.splat(0.254829592));
  const tail = f32x4.mul(f32x4.mul(f32x4.mul(p, t), density), f32x4.splat(0.5)); // Phi(-|x|)
  return v128.bitselect(tail, f32x4.sub(one, tail), f32x4.lt(x, f32x4.splat(0)));
}

// @ts-ignore: decorator
@inline
function densityOf(x: v128): v128 {
  return exponential(f32x4.mul(f32x4.mul(x, x), f32x4.splat(-0.5)));
}

/** Computes y = x Phi(x) for `count` numbers. */
export function gelu(x: usize, y: usize, count: i32): void {
  const whole = (<usize>count >> 2) << 4, bytes = <usize>count << 2;
  let at: usize = 0;
  for (; at < whole; at += 16) {
    const value = v128.load(x + at);
    v128.store(y + at, f32x4.mul(value, distribution(value, densityOf(value))));
  }
  for (; at < bytes; at += 4) {
    const value = v128.load32_splat(x + at);
    store<f32>(y + at, f32x4.extract_lane(f32x4.mul(value, distribution(value, densityOf(value))), 0));
  }
}

// @ts-ignore: decorator
@inline
function geluDerivative(x: v128): v128 {
  const density = densityOf(x);
  return f32x4.add(distribution(x, density), f32x4.mul(f32x4.mul(x, density), f32x4.splat(0.39894228)));
}

/** Computes dx = dy (Phi(x) + x phi(x)). */
export function geluGradient(dy: usize, x: usize, dx: usize, count: i32): void {
  const whole = (<usize>count >> 2) << 4, bytes = <usize>count << 2;
  let at: usize = 0;
  for (; at < whole; at += 16) v128.store(dx + at, f32x4.mul(v128.load(dy + at), geluDerivative(v128.load(x + at))));
  for (; at < bytes; at += 4)
    store<f32>(dx + at, load<f32>(dy + at) * f32x4.extract_lane(geluDerivative(v128.load32_splat(x + at)), 0));
}
