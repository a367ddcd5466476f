// Functions of numbers, by polynomials. Loops take two vectors at once and write both together: V8 can make one of 256
// bits of them. Constants are read from memory, since V8 would make each anew in every turn of a loop, which takes longer.
import { multiplyAdd } from '../multiply-add';

// The places of constants in memory, as offsets.
const LEAST: usize = 0;
const LOG2E: usize = 4;
const ROUNDING: usize = 8;
const LN2_HIGH: usize = 12;
const LN2_LOW: usize = 16;
const BIAS: usize = 20;
const ONE: usize = 24;
const HALF: usize = 28;
const MINUS_HALF: usize = 32;
const DENSITY: usize = 36;
const SLOPE: usize = 40;
const EXP: usize = 44; // 6 coefficients
const ERF: usize = 68; // 5 coefficients

/** Writes the constants of the functions below to the 88 bytes at `k`. */
export function writeConstants(k: usize): void {
  store<f32>(k, -88, LEAST);
  store<f32>(k, 1.44269504, LOG2E);
  store<f32>(k, 12582912, ROUNDING); // 1.5 2^23: added to a small number, it leaves the nearest integer in the low bits
  store<f32>(k, -0.693359375, LN2_HIGH);
  store<f32>(k, 2.12194440e-4, LN2_LOW);
  store<i32>(k, 127, BIAS);
  store<f32>(k, 1, ONE);
  store<f32>(k, 0.5, HALF);
  store<f32>(k, -0.5, MINUS_HALF);
  store<f32>(k, 0.39894228, DENSITY);
  store<f32>(k, 0.3275911 * 0.70710678, SLOPE);
  store<f32>(k, 1.9875691500e-4, EXP);
  store<f32>(k, 1.3981999507e-3, EXP + 4);
  store<f32>(k, 8.3334519073e-3, EXP + 8);
  store<f32>(k, 4.1665795894e-2, EXP + 12);
  store<f32>(k, 1.6666665459e-1, EXP + 16);
  store<f32>(k, 5.0000001201e-1, EXP + 20);
  store<f32>(k, 1.061405429, ERF);
  store<f32>(k, -1.453152027, ERF + 4);
  store<f32>(k, 1.421413741, ERF + 8);
  store<f32>(k, -0.284496736, ERF + 12);
  store<f32>(k, 0.254829592, ERF + 16);
}

/**
 * Computes e^x to two units in the last place for x up to 88, and 0 from about -87.7 down: x = n ln 2 + r, a polynomial
 * for e^r, and 2^n by the exponent's bits. After Cephes.
 */
// @ts-ignore: decorator
@inline
export function exponential(x: v128, k: usize): v128 {
  const clamped = f32x4.pmax(x, v128.load32_splat(k, LEAST));
  const rounded = multiplyAdd(clamped, v128.load32_splat(k, LOG2E), v128.load32_splat(k, ROUNDING));
  const n = f32x4.sub(rounded, v128.load32_splat(k, ROUNDING));
  const r = multiplyAdd(n, v128.load32_splat(k, LN2_LOW), multiplyAdd(n, v128.load32_splat(k, LN2_HIGH), clamped));
  let p = multiplyAdd(v128.load32_splat(k, EXP), r, v128.load32_splat(k, EXP + 4));
  p = multiplyAdd(p, r, v128.load32_splat(k, EXP + 8));
  p = multiplyAdd(p, r, v128.load32_splat(k, EXP + 12));
  p = multiplyAdd(p, r, v128.load32_splat(k, EXP + 16));
  p = multiplyAdd(p, r, v128.load32_splat(k, EXP + 20));
  p = multiplyAdd(p, f32x4.mul(r, r), f32x4.add(r, v128.load32_splat(k, ONE)));
  return f32x4.mul(p, i32x4.shl(i32x4.add(rounded, v128.load32_splat(k, BIAS)), 23));
}

/**
 * Computes the normal distribution's Phi(x) within 1e-7, by Abramowitz and Stegun 7.1.26 for erf(|x| / sqrt 2).
 * `density` is exp(-x^2 / 2).
 */
// @ts-ignore: decorator
@inline
function distribution(x: v128, density: v128, k: usize): v128 {
  const one = v128.load32_splat(k, ONE);
  const t = f32x4.div(one, multiplyAdd(f32x4.abs(x), v128.load32_splat(k, SLOPE), one));
  let p = multiplyAdd(v128.load32_splat(k, ERF), t, v128.load32_splat(k, ERF + 4));
  p = multiplyAdd(p, t, v128.load32_splat(k, ERF + 8));
  p = multiplyAdd(p, t, v128.load32_splat(k, ERF + 12));
  p = multiplyAdd(p, t, v128.load32_splat(k, ERF + 16));
  const tail = f32x4.mul(f32x4.mul(f32x4.mul(p, t), density), v128.load32_splat(k, HALF)); // Phi(-|x|)
  return v128.bitselect(tail, f32x4.sub(one, tail), f32x4.lt(x, f32x4.splat(0)));
}

// @ts-ignore: decorator
@inline
function densityOf(x: v128, k: usize): v128 {
  return exponential(f32x4.mul(f32x4.mul(x, x), v128.load32_splat(k, MINUS_HALF)), k);
}

// @ts-ignore: decorator
@inline
function geluOf(x: v128, k: usize): v128 {
  return f32x4.mul(x, distribution(x, densityOf(x, k), k));
}

/** Computes y = x Phi(x) for `count` numbers. Constants are kept at `k`. */
export function gelu(x: usize, y: usize, count: i32, k: usize): void {
  writeConstants(k);
  const pairs = (<usize>count >> 3) << 5, bytes = <usize>count << 2;
  let at: usize = 0;
  for (; at < pairs; at += 32) {
    const first = geluOf(v128.load(x + at), k), second = geluOf(v128.load(x + at, 16), k);
    v128.store(y + at, first);
    v128.store(y + at, second, 16);
  }
  for (; at < bytes; at += 4) store<f32>(y + at, f32x4.extract_lane(geluOf(v128.load32_splat(x + at), k), 0));
}

// @ts-ignore: decorator
@inline
function geluDerivative(x: v128, k: usize): v128 {
  const density = densityOf(x, k);
  return multiplyAdd(f32x4.mul(x, density), v128.load32_splat(k, DENSITY), distribution(x, density, k));
}

/** Computes dx = dy (Phi(x) + x phi(x)). Constants are kept at `k`. */
export function geluGradient(dy: usize, x: usize, dx: usize, count: i32, k: usize): void {
  writeConstants(k);
  const pairs = (<usize>count >> 3) << 5, bytes = <usize>count << 2;
  let at: usize = 0;
  for (; at < pairs; at += 32) {
    const first = f32x4.mul(v128.load(dy + at), geluDerivative(v128.load(x + at), k));
    const second = f32x4.mul(v128.load(dy + at, 16), geluDerivative(v128.load(x + at, 16), k));
    v128.store(dx + at, first);
    v128.store(dx + at, second, 16);
  }
  for (; at < bytes; at += 4)
    store<f32>(dx + at, load<f32>(dy + at) * f32x4.extract_lane(geluDerivative(v128.load32_splat(x + at), k), 0));
}
