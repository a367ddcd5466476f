// Losses of pairs: n^2 terms. w and v are weights of pairs, [width, width]; the callers set the diagonal as they need.
import { addDoubles, exp4, log4, max4, total2 } from './math';
import { at } from './pairs';

/** Computes w = exp(-D / tau) or exp(-D^2 / tau) and v = 1 - w; both diagonals and all beyond row n are 0. */
export function pairWeights(d: usize, n: i32, width: i32, tau: f32, squared: bool, w: usize, v: usize): void {
  const scale = f32x4.splat(-1 / tau), one = f32x4.splat(1), bytes = <usize>width << 2;
  for (let i = 0; i < n; i++) {
    const di = at(d, width, i, 0), wi = at(w, width, i, 0), vi = at(v, width, i, 0);
    for (let k: usize = 0; k < bytes; k += 16) {
      const x = v128.load(di + k), weight = exp4(f32x4.mul(scale, squared ? f32x4.mul(x, x) : x));
      v128.store(wi + k, weight);
      v128.store(vi + k, f32x4.sub(one, weight));
    }
    for (let k = n; k < width; k++) {
      store<f32>(at(w, width, i, k), 0);
      store<f32>(at(v, width, i, k), 0);
    }
    store<f32>(at(w, width, i, i), 0);
    store<f32>(at(v, width, i, i), 0);
  }
}

/**
 * Marks pairs of one class by 1 in w, and pairs of two classes in v; all else is 0. Without `itself`, so is the diagonal
 * of w.
 *
 * @param classes i32 [width]
 */
export function classPairs(classes: usize, n: i32, width: i32, itself: bool, w: usize, v: usize): void {
  const one = f32x4.splat(1), bytes = <usize>width << 2;
  for (let i = 0; i < n; i++) {
    const own = v128.load32_splat(classes + (<usize>i << 2)), wi = at(w, width, i, 0), vi = at(v, width, i, 0);
    for (let k: usize = 0; k < bytes; k += 16) {
      const equal = i32x4.eq(v128.load(classes + k), own);
      v128.store(wi + k, v128.and(one, equal));
      v128.store(vi + k, v128.andnot(one, equal));
    }
    if (!itself) store<f32>(at(w, width, i, i), 0);
    for (let k = n; k < width; k++) {
      store<f32>(at(w, width, i, k), 0);
      store<f32>(at(v, width, i, k), 0);
    }
  }
}

/** Sums up a matrix whose padding is 0. */
export function sum(matrix: usize, n: i32, width: i32): f64 {
  let total = f64x2.splat(0);
  for (let k: usize = 0, end = <usize>(n * width) << 2; k < end; k += 16) total = addDoubles(total, v128.load(matrix + k));
  return total2(total);
}

const CLAMPED: f32 = 1.0000001e-6; // distances of equal rows are 1e-6

/**
 * Sums w d^2 / m^2 + v relu(margin - d / m)^2, where m is the mean of the row; sets g to its derivative with respect
 * to d.
 *
 * @param w exp(-D^2 / tau), diagonal 0
 * @param v 1 - exp(-D^2 / tau), diagonal 0
 */
export function relaxedContrastive(d: usize, w: usize, v: usize, n: i32, width: i32, margin: f32, g: usize): f64 {
  let total: f64 = 0;
  for (let i = 0; i < n; i++) {
    let mean: f64 = 0, byInverse: f64 = 0, bySquare: f64 = 0;
    for (let j = 0; j < n; j++) mean += <f64>load<f32>(at(d, width, i, j));
    mean /= n;
    const inverse = 1 / (mean + 1e-12), square = 1 / (mean * mean + 1e-12);
    for (let j = 0; j < n; j++) {
      const distance = load<f32>(at(d, width, i, j)), own = distance > CLAMPED ? <f64>distance : 0;
      const weight = <f64>load<f32>(at(w, width, i, j)), rest = <f64>load<f32>(at(v, width, i, j));
      const short = max<f64>(<f64>margin - <f64>distance * inverse, 0);
      total += weight * own * own * square + rest * short * short;
      bySquare += weight * own * own;
      byInverse -= 2 * rest * short * <f64>distance;
      store<f32>(at(g, width, i, j), <f32>(2 * weight * own * square - 2 * rest * short * inverse));
    }
    const shared = <f32>((-bySquare * 2 * mean * square * square - byInverse * inverse * inverse) / n);
    for (let j = 0; j < n; j++) store<f32>(at(g, width, i, j), load<f32>(at(g, width, i, j)) + shared);
  }
  return total;
}

/**
 * Sums relu(d - positive) over pairs with w = 1 and relu(negative - d) over those with v = 1; sets g to its derivative
 * with respect to d.
 */
export function contrastive(d: usize, w: usize, v: usize, n: i32, width: i32, positive: f32, negative: f32, g: usize): f64 {
  const zero = f32x4.splat(0), near = f32x4.splat(positive), far = f32x4.splat(negative);
  let total = f64x2.splat(0);
  for (let k: usize = 0, end = <usize>(n * width) << 2; k < end; k += 16) {
    const distance = v128.load(d + k), same = v128.load(w + k), rest = v128.load(v + k);
    const pull = f32x4.pmax(f32x4.sub(distance, near), zero), push = f32x4.pmax(f32x4.sub(far, distance), zero);
    total = addDoubles(total, f32x4.add(f32x4.mul(same, pull), f32x4.mul(rest, push)));
    v128.store(g + k, f32x4.sub(v128.and(same, f32x4.gt(pull, zero)), v128.and(rest, f32x4.gt(push, zero))));
  }
  return total2(total);
}

/**
 * Sums -w_ij log(p_ij / (p_ij + sum_k v_ik e_ik)), p = w e, e = exp(scores - the greatest of the row); sets g to its
 * derivative with respect to s. Scores are s / tau, on the diagonal `own` s / tau - shift: that is used only for the
 * greatest.
 *
 * @param scratch 2 rows
 */
export function nce(
  s: usize, w: usize, v: usize, n: i32, width: i32, tau: f32, own: f32, shift: f32, g: usize, scratch: usize,
): f64 {
  const scale: f32 = 1 / tau, bytes = <usize>width << 2, exps = scratch + bytes;
  const epsilon = f32x4.splat(1e-12), factor = f32x4.splat(scale);
  let total = f64x2.splat(0);
  for (let i = 0; i < n; i++) {
    const si = at(s, width, i, 0), wi = at(w, width, i, 0), vi = at(v, width, i, 0), gi = at(g, width, i, 0);
    for (let k: usize = 0; k < bytes; k += 16) v128.store(scratch + k, f32x4.mul(v128.load(si + k), factor));
    store<f32>(at(scratch, width, 0, i), own * scale * load<f32>(at(si, width, 0, i)) - shift);
    for (let k = n; k < width; k++) store<f32>(at(scratch, width, 0, k), -Infinity);
    let most = v128.load(scratch);
    for (let k: usize = 16; k < bytes; k += 16) most = f32x4.pmax(most, v128.load(scratch + k));
    const top = f32x4.splat(max4(most));
    let sums = f64x2.splat(0);
    for (let k: usize = 0; k < bytes; k += 16) {
      const e = exp4(f32x4.sub(v128.load(scratch + k), top));
      v128.store(exps + k, e);
      sums = addDoubles(sums, f32x4.mul(v128.load(vi + k), e));
    }
    const rest = f32x4.splat(<f32>(total2(sums) + 1e-12));
    let byRest = f64x2.splat(0);
    for (let k: usize = 0; k < bytes; k += 16) {
      const weight = v128.load(wi + k);
      v128.store(gi + k, f32x4.splat(0));
      if (!v128.any_true(weight)) continue;
      const p = f32x4.mul(weight, v128.load(exps + k)), all = f32x4.add(p, rest), ratio = f32x4.div(p, all);
      total = addDoubles(total, f32x4.mul(weight, log4(f32x4.pmax(ratio, epsilon))));
      const share = v128.and(f32x4.div(weight, all), f32x4.ge(ratio, epsilon));
      byRest = addDoubles(byRest, share);
      v128.store(gi + k, f32x4.neg(f32x4.mul(share, rest))); // e times the derivative with respect to e
    }
    const shared = f32x4.splat(<f32>total2(byRest));
    let byTop = f64x2.splat(0), ties = i32x4.splat(0);
    for (let k: usize = 0; k < bytes; k += 16) {
      const e = f32x4.mul(v128.load(vi + k), v128.load(exps + k));
      const gradient = f32x4.add(v128.load(gi + k), f32x4.mul(shared, e));
      v128.store(gi + k, gradient);
      byTop = addDoubles(byTop, gradient);
      ties = i32x4.sub(ties, f32x4.eq(v128.load(scratch + k), top));
    }
    const atTop = f32x4.splat(<f32>(-total2(byTop) / total2(addDoubles(f64x2.splat(0), f32x4.convert_i32x4_s(ties)))));
    for (let k: usize = 0; k < bytes; k += 16) {
      const more = v128.and(atTop, f32x4.eq(v128.load(scratch + k), top));
      v128.store(gi + k, f32x4.mul(factor, f32x4.add(v128.load(gi + k), more)));
    }
    store<f32>(at(gi, width, 0, i), own * load<f32>(at(gi, width, 0, i)));
  }
  return -total2(total);
}

const LIMIT: f64 = 1e12;

/**
 * Sums log(1 + sum_j w exp(alpha (margin - s))) / alpha + log(1 + sum_j v exp(beta (s - margin))) / beta over rows;
 * sets g to its derivative with respect to s. If `strict`, w counts only where s < 1 - 1e-5, rows without positives or
 * without negatives count 0, and nothing is clamped.
 */
export function multiSimilarity(
  s: usize, w: usize, v: usize, n: i32, width: i32, margin: f32, alpha: f32, beta: f32, strict: bool, g: usize, scratch: usize,
): f64 {
  const m = f32x4.splat(margin), a = f32x4.splat(-alpha), b = f32x4.splat(beta), bytes = <usize>width << 2;
  const almostOne = f32x4.splat(<f32>(1 - 1e-5));
  let total: f64 = 0;
  for (let i = 0; i < n; i++) {
    const si = at(s, width, i, 0), wi = at(w, width, i, 0), vi = at(v, width, i, 0), gi = at(g, width, i, 0);
    let pulls = f64x2.splat(0), pushes = pulls, same = i32x4.splat(0), rest = same;
    for (let k: usize = 0; k < bytes; k += 16) {
      const x = f32x4.sub(v128.load(si + k), m);
      let weight = v128.load(wi + k);
      if (strict) weight = v128.and(weight, f32x4.lt(v128.load(si + k), almostOne));
      const p = f32x4.mul(weight, exp4(f32x4.mul(a, x))), q = f32x4.mul(v128.load(vi + k), exp4(f32x4.mul(b, x)));
      v128.store(scratch + k, p);
      v128.store(gi + k, q);
      pulls = addDoubles(pulls, p);
      pushes = addDoubles(pushes, q);
      same = v128.or(same, p);
      rest = v128.or(rest, q);
    }
    const pull = 1 + total2(pulls), push = 1 + total2(pushes);
    if (strict && !(v128.any_true(same) && v128.any_true(rest))) {
      memory.fill(gi, 0, bytes);
      continue;
    }
    total += Math.log(strict ? pull : min<f64>(pull, LIMIT)) / <f64>alpha + Math.log(strict ? push : min<f64>(push, LIMIT)) / <f64>beta;
    const down = f32x4.splat(strict || pull <= LIMIT ? <f32>(1 / pull) : 0), up = f32x4.splat(strict || push <= LIMIT ? <f32>(1 / push) : 0);
    for (let k: usize = 0; k < bytes; k += 16)
      v128.store(gi + k, f32x4.sub(f32x4.mul(up, v128.load(gi + k)), f32x4.mul(down, v128.load(scratch + k))));
  }
  return total;
}
