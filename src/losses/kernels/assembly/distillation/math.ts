// The exponential and the logarithm of four floats at once: polynomials of Cephes, errors of 1 to 2 units in the last
// place.

// @ts-ignore: decorator
@inline
function c(x: f32): v128 {
  return f32x4.splat(x);
}

/** 1.5 2^23: added to a small number, it leaves the nearest integer in the low bits. */
const ROUNDING: f32 = 12582912;

/** Computes e^x; x is clamped to [-87, 88]. */
// @ts-ignore: decorator
@inline
export function exp4(given: v128): v128 {
  const x = f32x4.pmin(f32x4.pmax(given, c(-87)), c(88));
  const rounded = f32x4.add(f32x4.mul(x, c(1.4426950408889634)), c(ROUNDING)), n = f32x4.sub(rounded, c(ROUNDING));
  // ln 2 in two parts, so that the remainder is exact
  const r = f32x4.sub(f32x4.sub(x, f32x4.mul(n, c(0.693359375))), f32x4.mul(n, c(-2.12194440e-4)));
  let p = f32x4.add(f32x4.mul(c(1.9875691500e-4), r), c(1.3981999507e-3));
  p = f32x4.add(f32x4.mul(p, r), c(8.3334519073e-3));
  p = f32x4.add(f32x4.mul(p, r), c(4.1665795894e-2));
  p = f32x4.add(f32x4.mul(p, r), c(1.6666665459e-1));
  p = f32x4.add(f32x4.mul(p, r), c(5.0000001201e-1));
  p = f32x4.add(f32x4.add(f32x4.mul(p, f32x4.mul(r, r)), r), c(1));
  return f32x4.mul(p, i32x4.shl(i32x4.add(rounded, i32x4.splat(127)), 23));
}

/** Computes log x of positive, finite x that are not subnormal. */
// @ts-ignore: decorator
@inline
export function log4(x: v128): v128 {
  let e = f32x4.convert_i32x4_s(i32x4.sub(i32x4.shr_u(x, 23), i32x4.splat(126)));
  let m = v128.or(v128.and(x, i32x4.splat(0x007fffff)), i32x4.splat(0x3f000000)); // in [.5, 1)
  const low = f32x4.lt(m, c(0.70710678));
  e = f32x4.sub(e, v128.and(low, c(1)));
  m = f32x4.sub(f32x4.add(m, v128.and(low, m)), c(1));
  const z = f32x4.mul(m, m);
  let p = f32x4.add(f32x4.mul(c(7.0376836292e-2), m), c(-1.1514610310e-1));
  p = f32x4.add(f32x4.mul(p, m), c(1.1676998740e-1));
  p = f32x4.add(f32x4.mul(p, m), c(-1.2420140846e-1));
  p = f32x4.add(f32x4.mul(p, m), c(1.4249322787e-1));
  p = f32x4.add(f32x4.mul(p, m), c(-1.6668057665e-1));
  p = f32x4.add(f32x4.mul(p, m), c(2.0000714765e-1));
  p = f32x4.add(f32x4.mul(p, m), c(-2.4999993993e-1));
  p = f32x4.add(f32x4.mul(p, m), c(3.3333331174e-1));
  p = f32x4.mul(f32x4.mul(p, m), z);
  p = f32x4.add(p, f32x4.mul(e, c(-2.12194440e-4)));
  p = f32x4.sub(p, f32x4.mul(z, c(0.5)));
  return f32x4.add(f32x4.add(m, p), f32x4.mul(e, c(0.693359375)));
}

/** Adds the four floats as doubles. */
// @ts-ignore: decorator
@inline
export function sum4(v: v128): f64 {
  return (
    <f64>f32x4.extract_lane(v, 0) + <f64>f32x4.extract_lane(v, 1) +
    <f64>f32x4.extract_lane(v, 2) + <f64>f32x4.extract_lane(v, 3)
  );
}

/** Adds the four floats as doubles to two sums. */
// @ts-ignore: decorator
@inline
export function addDoubles(sums: v128, v: v128): v128 {
  return f64x2.add(sums, f64x2.add(f64x2.promote_low_f32x4(v), f64x2.promote_low_f32x4(i32x4.shuffle(v, v, 2, 3, 2, 3))));
}

/** Adds two sums. */
// @ts-ignore: decorator
@inline
export function total2(sums: v128): f64 {
  return f64x2.extract_lane(sums, 0) + f64x2.extract_lane(sums, 1);
}

/** Returns the greatest of the four; `min4` returns the least. */
// @ts-ignore: decorator
@inline
export function max4(v: v128): f32 {
  return max<f32>(
    max<f32>(f32x4.extract_lane(v, 0), f32x4.extract_lane(v, 1)),
    max<f32>(f32x4.extract_lane(v, 2), f32x4.extract_lane(v, 3)),
  );
}

// @ts-ignore: decorator
@inline
export function min4(v: v128): f32 {
  return min<f32>(
    min<f32>(f32x4.extract_lane(v, 0), f32x4.extract_lane(v, 1)),
    min<f32>(f32x4.extract_lane(v, 2), f32x4.extract_lane(v, 3)),
  );
}
