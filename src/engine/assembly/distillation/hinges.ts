// Weighed hinge losses of all n^3 triplets: relaxed_triplet, mtt, relaxed_facenet, facenet.
//
// loss_ijk = relu(margin - (d_ik - d_ij)), in just this order: at k = j it must be the margin exactly. A triplet's weight is
// pairs: a_ij b_ik; relations: 1 / (1 + a_ij b_ik) with a = exp(D_ij / tau), b = exp((margin2 - D_ik) / tau), the sigmoid of
// the teachers' difference; votes: 1 where most teachers have D_ik - D_ij > their margin. Weights are 0 beyond row n.
import { exp4, max4, min4, sum4 } from './math';
import { at } from './pairs';

export const PAIRS = 0;
export const RELATIONS = 1;

/** Factors a and b of the relations' weights, shifted by each row's middle so that neither overflows. */
export function relationFactors(d: usize, n: i32, width: i32, tau: f32, margin2: f32, a: usize, b: usize): void {
  const scale = f32x4.splat(1 / tau);
  for (let i = 0; i < n; i++) {
    const di = at(d, width, i, 0), ai = at(a, width, i, 0), bi = at(b, width, i, 0);
    let least: f32 = Infinity, greatest: f32 = 0;
    for (let k: usize = 0, end = <usize>n << 2; k < end; k += 4) {
      least = min<f32>(least, load<f32>(di + k));
      greatest = max<f32>(greatest, load<f32>(di + k));
    }
    const middle = f32x4.splat(<f32>0.5 * (least + greatest)), shift = f32x4.splat(margin2);
    for (let k: usize = 0, end = <usize>width << 2; k < end; k += 16) {
      const x = f32x4.sub(v128.load(di + k), middle);
      v128.store(ai + k, exp4(f32x4.mul(scale, x)));
      v128.store(bi + k, exp4(f32x4.mul(scale, f32x4.sub(shift, x))));
    }
    for (let k = n; k < width; k++) store<f32>(at(b, width, i, k), Infinity);
  }
}

// @ts-ignore: decorator
@inline
function weightOf(kind: i32, a: v128, b: v128): v128 {
  const product = f32x4.mul(a, b);
  return kind == PAIRS ? product : f32x4.div(f32x4.splat(1), f32x4.add(f32x4.splat(1), product));
}

/** Sum of the weights in the last call. */
export let weights: f64 = 0;

export function sumOfWeights(): f64 {
  return weights;
}

/** Sum of weight x loss over all triplets; its derivative by d is added to g. */
// @ts-ignore: decorator
@inline
function all(kind: i32, d: usize, a: usize, b: usize, n: i32, width: i32, margin: f32, g: usize): f64 {
  const m = f32x4.splat(margin), zero = f32x4.splat(0), bytes = <usize>width << 2;
  let total: f64 = 0, sum: f64 = 0;
  for (let i = 0; i < n; i++) {
    const row = <usize>i * bytes, di = d + row, ai = a + row, bi = b + row, gi = g + row;
    for (let j: usize = 0, end = <usize>n << 2; j < end; j += 4) {
      if (kind == PAIRS && load<f32>(ai + j) == 0) continue;
      const dij = v128.load32_splat(di + j), aij = v128.load32_splat(ai + j);
      let loss = zero, count = zero, weighed = zero;
      for (let k: usize = 0; k < bytes; k += 16) {
        const weight = weightOf(kind, aij, v128.load(bi + k));
        const x = f32x4.sub(m, f32x4.sub(v128.load(di + k), dij));
        const active = v128.and(weight, f32x4.gt(x, zero));
        weighed = f32x4.add(weighed, weight);
        loss = f32x4.add(loss, f32x4.mul(active, x));
        count = f32x4.add(count, active);
        v128.store(gi + k, f32x4.sub(v128.load(gi + k), active));
      }
      total += sum4(loss);
      sum += sum4(weighed);
      store<f32>(gi + j, load<f32>(gi + j) + <f32>sum4(count));
    }
  }
  weights = sum;
  return total;
}

export function hingesByPairs(d: usize, a: usize, b: usize, n: i32, width: i32, margin: f32, g: usize): f64 {
  return all(PAIRS, d, a, b, n, width, margin, g);
}

export function hingesByRelations(d: usize, a: usize, b: usize, n: i32, width: i32, margin: f32, g: usize): f64 {
  return all(RELATIONS, d, a, b, n, width, margin, g);
}

/** The same with the votes of teachers as weights: their distances are matrices one behind the other. */
export function hingesByVotes(
  d: usize, teachers: usize, numTeachers: i32, teacherMargin: f32, n: i32, width: i32, margin: f32, g: usize, mask: usize,
): f64 {
  const m = f32x4.splat(margin), zero = f32x4.splat(0), bytes = <usize>width << 2, matrix = <usize>width * bytes;
  const limit = f32x4.splat(teacherMargin), most = i32x4.splat(numTeachers), end = <usize>n << 2;
  let total: f64 = 0, sum: i64 = 0;
  for (let k = 0; k < width; k++) store<i32>(mask + (<usize>k << 2), k < n ? -1 : 0);
  for (let i = 0; i < n; i++) {
    const row = <usize>i * bytes, di = d + row, gi = g + row;
    for (let j: usize = 0; j < end; j += 4) {
      const dij = v128.load32_splat(di + j);
      let loss = zero, count = zero, chosen = i32x4.splat(0);
      for (let k: usize = 0; k < bytes; k += 32) {
        let v = i32x4.splat(0), w = v; // minus the votes
        for (let t = 0, ti = teachers + row; t < numTeachers; t++, ti += matrix) {
          const tij = v128.load32_splat(ti + j);
          v = i32x4.add(v, f32x4.gt(f32x4.sub(v128.load(ti + k), tij), limit));
          w = i32x4.add(w, f32x4.gt(f32x4.sub(v128.load(ti + k, 16), tij), limit));
        }
        v = v128.and(i32x4.lt_s(i32x4.add(i32x4.add(v, v), most), i32x4.splat(0)), v128.load(mask + k));
        w = v128.and(i32x4.lt_s(i32x4.add(i32x4.add(w, w), most), i32x4.splat(0)), v128.load(mask + k, 16));
        const x = f32x4.sub(m, f32x4.sub(v128.load(di + k), dij)), y = f32x4.sub(m, f32x4.sub(v128.load(di + k, 16), dij));
        const p = v128.and(v, f32x4.gt(x, zero)), q = v128.and(w, f32x4.gt(y, zero));
        chosen = i32x4.add(chosen, i32x4.add(v, w));
        loss = f32x4.add(loss, f32x4.add(v128.and(p, x), v128.and(q, y)));
        const one = f32x4.splat(1), p1 = v128.and(p, one), q1 = v128.and(q, one);
        count = f32x4.add(count, f32x4.add(p1, q1));
        v128.store(gi + k, f32x4.sub(v128.load(gi + k), p1));
        v128.store(gi + k, f32x4.sub(v128.load(gi + k, 16), q1), 16);
      }
      total += sum4(loss);
      sum -= i32x4.extract_lane(chosen, 0) + i32x4.extract_lane(chosen, 1) + i32x4.extract_lane(chosen, 2) + i32x4.extract_lane(chosen, 3);
      store<f32>(gi + j, load<f32>(gi + j) + <f32>sum4(count));
    }
  }
  weights = <f64>sum;
  return total;
}

const RHO: f32 = 10;

/**
 * The slope by d_ij of one pair's value, which is that of the k whose value is the chosen one, spread evenly over ties;
 * those by d_ik go to g. Never chosen is what lies beyond row n: its value is no negative number, and 0 as a product.
 *
 * @param found 1 row
 */
// @ts-ignore: decorator
@inline
function spread(
  values: usize, chosen: f32, end: usize, weighed: bool, kind: i32, aij: f32, bi: usize, di: usize, dij: f32,
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
    let slope = share;
    if (weighed) slope *= kind == PAIRS ? aij * load<f32>(bi + l) : <f32>1 / (<f32>1 + aij * load<f32>(bi + l));
    own += slope;
    store<f32>(gi + l, load<f32>(gi + l) - slope);
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
  weights = sum;
  return total;
}

/**
 * Sum over pairs of pair weight x (greatest weight x loss of the losses in (0, margin], plus, where that is at most the
 * threshold and hard, 10 + the least of loss - 10 weight [loss > margin] where negative); its derivative is added to g.
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
