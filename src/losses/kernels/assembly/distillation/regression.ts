// stmr: soft regression of all differences of distances to those of the teachers.
//
// Let s = D_ik - D_ij, t = d_ik - d_ij and a = sigmoid(s / beta). Then log(1/a - 1) is -s / beta. With
// x = tau (s - t) - s / beta the term is a log(1 + e^x) + (1 - a) log(1 + e^-x) = log(1 + e^x) - (1 - a) x. Both e^x
// and 1/a - 1 are products of a factor of ij and one of ik, so that no exponential is taken n^3 times. Exchanging j and
// k changes nothing, so k runs from j + 1 on. Where a clamp of the original would act (large distances over a small
// beta, or a large tau), the caller takes `regressionStepwise`.
import { exp4, log4, sum4 } from './math';
import { at } from './pairs';

/** Computes the spread of the rows' values; `regression` may be used if it is at most 1. */
export function regressionSpan(d: usize, teachers: usize, n: i32, width: i32, tau: f32, beta: f32): f32 {
  let widest: f32 = 0;
  for (let i = 0; i < n; i++) {
    let low: f32 = Infinity, high: f32 = -Infinity, least: f32 = Infinity, greatest: f32 = -Infinity;
    for (let k = 0; k < n; k++) {
      const s = load<f32>(at(teachers, width, i, k)), u = (tau - 1 / beta) * s - tau * load<f32>(at(d, width, i, k));
      low = min<f32>(low, u);
      high = max<f32>(high, u);
      least = min<f32>(least, s);
      greatest = max<f32>(greatest, s);
    }
    // the original rounds a near 1: beyond 8 its logarithm is coarse; beyond 20 four factors could overflow
    widest = max<f32>(widest, max<f32>((high - low) / 20, (greatest - least) / beta / 8));
  }
  return widest;
}

/**
 * Computes tau x the sum of all terms; sets g to its derivative with respect to d, divided by tau.
 *
 * @param scratch 5 rows
 */
export function regression(
  d: usize, teachers: usize, n: i32, width: i32, tau: f32, beta: f32, g: usize, scratch: usize,
): f64 {
  const bytes = <usize>width << 2, end = <usize>n << 2;
  const u = scratch, up = u + bytes, down = up + bytes, odds = down + bytes, evens = odds + bytes;
  const teacherScale = f32x4.splat(tau - 1 / beta), scale = f32x4.splat(tau), inverse = f32x4.splat(1 / beta);
  const zero = f32x4.splat(0), one = f32x4.splat(1);
  let total: f64 = 0;
  for (let i = 0; i < n; i++) {
    const row = <usize>i * bytes, di = d + row, ti = teachers + row, gi = g + row;
    let low: f32 = Infinity, high: f32 = -Infinity, least: f32 = Infinity, greatest: f32 = -Infinity;
    for (let k: usize = 0; k < bytes; k += 16)
      v128.store(u + k, f32x4.sub(f32x4.mul(teacherScale, v128.load(ti + k)), f32x4.mul(scale, v128.load(di + k))));
    for (let k: usize = 0; k < end; k += 4) {
      low = min<f32>(low, load<f32>(u + k));
      high = max<f32>(high, load<f32>(u + k));
      least = min<f32>(least, load<f32>(ti + k));
      greatest = max<f32>(greatest, load<f32>(ti + k));
    }
    const middle = f32x4.splat(<f32>0.5 * (low + high)), centre = f32x4.splat(<f32>0.5 * (least + greatest));
    for (let k: usize = 0; k < bytes; k += 16) {
      const x = f32x4.sub(v128.load(u + k), middle), s = f32x4.mul(f32x4.sub(v128.load(ti + k), centre), inverse);
      v128.store(u + k, x);
      v128.store(up + k, exp4(x));
      v128.store(down + k, exp4(f32x4.neg(x)));
      v128.store(evens + k, exp4(s));
      v128.store(odds + k, exp4(f32x4.neg(s)));
    }
    for (let k = end; k < bytes; k += 4) {
      store<f32>(u + k, 0);
      store<f32>(up + k, 0); // e^x = 0: no loss, no gradient
      store<f32>(odds + k, 0);
    }
    for (let j: usize = 0; j < end; j += 4) {
      const uj = v128.load32_splat(u + j), downJ = v128.load32_splat(down + j), evensJ = v128.load32_splat(evens + j);
      let logs = zero, loss = zero, own = zero;
      const first = j & ~15, lane = <i32>((j & 15) >> 2);
      let chosen = // k > j
        lane == 0 ? i32x4(0, -1, -1, -1) : lane == 1 ? i32x4(0, 0, -1, -1) : lane == 2 ? i32x4(0, 0, 0, -1) : i32x4(0, 0, 0, 0);
      for (let k = first; k < bytes;) {
        let product = one; // one logarithm for four factors
        for (let block = 0; block < 4 && k < bytes; block++, k += 16) {
          const y = v128.and(f32x4.mul(v128.load(up + k), downJ), chosen);
          const r = v128.and(f32x4.mul(v128.load(odds + k), evensJ), chosen); // 1/a - 1
          chosen = i32x4.splat(-1);
          const x = f32x4.sub(v128.load(u + k), uj), y1 = f32x4.add(one, y);
          const shared = f32x4.div(one, f32x4.mul(y1, f32x4.add(one, r)));
          const gradient = f32x4.mul(f32x4.sub(y, r), shared);
          product = f32x4.mul(product, y1);
          loss = f32x4.sub(loss, f32x4.mul(f32x4.mul(r, y1), f32x4.mul(shared, x)));
          own = f32x4.add(own, gradient);
          v128.store(gi + k, f32x4.sub(v128.load(gi + k), gradient));
        }
        logs = f32x4.add(logs, log4(product));
      }
      total += 2 * sum4(f32x4.add(logs, loss));
      store<f32>(gi + j, load<f32>(gi + j) + <f32>sum4(own));
    }
    total += <f64>n * 0.6931471805599453; // k = j
  }
  for (let k: usize = 0, floats = <usize>width * bytes; k < floats; k += 16)
    v128.store(g + k, f32x4.add(v128.load(g + k), v128.load(g + k)));
  return total;
}

// @ts-ignore: decorator
@inline
function clampedLog(x: f32): f32 {
  return Mathf.log(max<f32>(<f32>1e-12, min<f32>(x, <f32>1e12)));
}

/** Computes the same step by step in float32, with every clamp of the original. */
export function regressionStepwise(
  d: usize, teachers: usize, n: i32, width: i32, tau: f32, beta: f32, g: usize,
): f64 {
  const limit: f32 = 1e12;
  let total: f64 = 0;
  for (let i = 0; i < n; i++)
    for (let j = 0; j < n; j++) {
      const dij = load<f32>(at(d, width, i, j)), tij = load<f32>(at(teachers, width, i, j));
      let own: f32 = 0;
      for (let k = 0; k < n; k++) {
        const s = load<f32>(at(teachers, width, i, k)) - tij, t = load<f32>(at(d, width, i, k)) - dij;
        const a: f32 = 1 / (1 + Mathf.exp(-s / beta)), gamma: f32 = clampedLog(1 / a - 1) / tau;
        const up: f32 = 1 + Mathf.exp(tau * (s - t + gamma)), down: f32 = 1 + Mathf.exp(tau * (t - s - gamma));
        total += <f64>(a * clampedLog(up) + (1 - a) * clampedLog(down));
        const gradient: f32 = (up <= limit ? (a * (up - 1)) / up : 0) - (down <= limit ? ((1 - a) * (down - 1)) / down : 0);
        own += gradient;
        const to = at(g, width, i, k);
        store<f32>(to, load<f32>(to) - gradient);
      }
      const to = at(g, width, i, j);
      store<f32>(to, load<f32>(to) + own);
    }
  return total;
}
