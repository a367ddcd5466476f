// relaxed_facenet and facenet: of each pair's triplets, weighted as in hinges.ts, the one that is semi-hard or hard.
import { PAIRS, RELATIONS, setSumOfWeights, weightOf } from './hinges';
import { max4, min4 } from './math';

const RHO: f32 = 10;

/**
 * Returns the derivative of one pair's value with respect to d_ij, and adds those with respect to d_ik to g. It belongs
 * to the k with the chosen value, and ties share it evenly. Entries beyond row n are never chosen: their value is not
 * negative, and as a product it is 0.
 *
 * @param found 1 row
 */
// @ts-ignore: decorator
@inline
function spread(
  values: usize, chosen: f32, end: usize, isWeighted: bool, kind: i32, aij: f32, bi: usize, di: usize, dij: f32,
  margin: f32, pair: f32, gi: usize, found: usize,
): f32 {
  const wanted = f32x4.splat(chosen);
  let ties: usize = 0, own: f32 = 0;
  for (let k: usize = 0; k < end; k += 16) {
    if (!v128.any_true(f32x4.eq(v128.load(values + k), wanted))) continue;
    for (let l = k; l < k + 16; l += 4) if (load<f32>(values + l) == chosen) store<u32>(found + (ties++ << 2), <u32>l);
  }
  const share: f32 = pair / <f32>ties;
  for (let tie: usize = 0; tie < ties; tie++) {
    const l = <usize>load<u32>(found + (tie << 2));
    if (margin - (load<f32>(di + l) - dij) <= 0) continue;
    let gradient = share;
    if (isWeighted) gradient *= kind == PAIRS ? aij * load<f32>(bi + l) : <f32>1 / (<f32>1 + aij * load<f32>(bi + l));
    own += gradient;
    store<f32>(gi + l, load<f32>(gi + l) - gradient);
  }
  return own;
}

// @ts-ignore: decorator
@inline
function semihard(
  kind: i32, d: usize, a: usize, b: usize, pairs: usize, n: i32, width: i32, margin: f32, hard: bool, threshold: f32, g: usize, scratch: usize,
): f64 {
  const m = f32x4.splat(margin), zero = f32x4.splat(0), bytes = <usize>width << 2, rho = f32x4.splat(RHO);
  const products = scratch, shifted = scratch + bytes, found = shifted + bytes, inf = f32x4.splat(Infinity), end = <usize>n << 2;
  let total: f64 = 0, sum: f64 = 0;
  for (let i = 0; i < n; i++) {
    const row = <usize>i * bytes, di = d + row, ai = a + row, bi = b + row, gi = g + row, pi = pairs + row;
    for (let j: usize = 0; j < end; j += 4) {
      const pair = load<f32>(pi + j);
      sum += <f64>pair;
      if (pair == 0) continue;
      const dij = v128.load32_splat(di + j), aij = v128.load32_splat(ai + j);
      let top = zero, low = inf;
      for (let k: usize = 0; k < end; k += 16) {
        const weight = weightOf(kind, aij, v128.load(bi + k));
        const loss = f32x4.max(f32x4.sub(m, f32x4.sub(v128.load(di + k), dij)), zero), over = f32x4.gt(loss, m);
        const product = f32x4.mul(loss, v128.andnot(weight, over));
        top = f32x4.max(top, product);
        v128.store(products + k, product);
        if (hard) {
          const below = f32x4.sub(loss, f32x4.mul(rho, v128.and(weight, over)));
          low = f32x4.min(low, below);
          v128.store(shifted + k, below);
        }
      }
      const best = max4(top), aj = load<f32>(ai + j), dj = load<f32>(di + j);
      let value = best, own: f32 = 0;
      if (best > 0) own += spread(products, best, end, true, kind, aj, bi, di, dj, margin, pair, gi, found);
      if (hard && best <= threshold) {
        const least = min4(low);
        if (least < 0) {
          value += least + RHO;
          own += spread(shifted, least, end, false, kind, aj, bi, di, dj, margin, pair, gi, found);
        }
      }
      total += <f64>(value * pair);
      store<f32>(gi + j, load<f32>(gi + j) + own);
    }
  }
  setSumOfWeights(sum);
  return total;
}

/**
 * Sums pair weight x P over pairs, and adds its derivative to g. P is the greatest weight x loss of the losses in
 * (0, margin]. If that is at most the threshold, and `hard`, then 10 + min over k of (loss - 10 weight [loss > margin])
 * is added to P where that minimum is negative.
 *
 * @param scratch 3 rows
 */
export function semihardByPairs(
  d: usize, a: usize, b: usize, pairs: usize, n: i32, width: i32, margin: f32, hard: bool, threshold: f32, g: usize, scratch: usize,
): f64 {
  return semihard(PAIRS, d, a, b, pairs, n, width, margin, hard, threshold, g, scratch);
}

export function semihardByRelations(
  d: usize, a: usize, b: usize, pairs: usize, n: i32, width: i32, margin: f32, hard: bool, threshold: f32, g: usize, scratch: usize,
): f64 {
  return semihard(RELATIONS, d, a, b, pairs, n, width, margin, hard, threshold, g, scratch);
}
