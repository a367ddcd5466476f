// Losses of pairs: n^2 terms. w and v are weights of pairs, [width, width]; the callers set the diagonal as they need.
import { exp4 } from './math';
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

/** Sums up a matrix. */
export function sum(matrix: usize, n: i32, width: i32): f64 {
  let total: f64 = 0;
  for (let i = 0; i < n; i++) for (let j = 0; j < n; j++) total += <f64>load<f32>(at(matrix, width, i, j));
  return total;
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
  let total: f64 = 0;
  for (let i = 0; i < n; i++)
    for (let j = 0; j < n; j++) {
      const distance = load<f32>(at(d, width, i, j)), same = load<f32>(at(w, width, i, j)), rest = load<f32>(at(v, width, i, j));
      const pull = max<f32>(distance - positive, 0), push = max<f32>(negative - distance, 0);
      total += <f64>(same * pull + rest * push);
      store<f32>(at(g, width, i, j), (pull > 0 ? same : 0) - (push > 0 ? rest : 0));
    }
  return total;
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
  let total: f64 = 0;
  for (let i = 0; i < n; i++) {
    let greatest: f32 = -Infinity, rest: f64 = 0;
    for (let j = 0; j < n; j++) {
      const x = load<f32>(at(s, width, i, j)), score: f32 = i == j ? own * x * scale - shift : x * scale;
      greatest = max<f32>(greatest, score);
      store<f32>(scratch + (<usize>j << 2), score);
    }
    const top = f32x4.splat(greatest);
    for (let k: usize = 0; k < bytes; k += 16) v128.store(exps + k, exp4(f32x4.sub(v128.load(scratch + k), top)));
    for (let j = 0; j < n; j++) rest += <f64>(load<f32>(at(v, width, i, j)) * load<f32>(exps + (<usize>j << 2)));
    let byRest: f64 = 0, byTop: f64 = 0, ties = 0;
    for (let j = 0; j < n; j++) {
      const weight = load<f32>(at(w, width, i, j)), p = <f64>(weight * load<f32>(exps + (<usize>j << 2)));
      store<f32>(at(g, width, i, j), 0);
      if (weight == 0) continue;
      const all = p + rest + 1e-12, ratio = p / all;
      total -= <f64>weight * <f64>Mathf.log(<f32>max<f64>(ratio, 1e-12));
      if (ratio < 1e-12) continue;
      byRest += <f64>weight / all;
      store<f32>(at(g, width, i, j), <f32>((-<f64>weight * (rest + 1e-12)) / all)); // e times the derivative with respect to e
    }
    for (let j = 0; j < n; j++) {
      const score = load<f32>(scratch + (<usize>j << 2)), to = at(g, width, i, j);
      const e = <f64>load<f32>(exps + (<usize>j << 2));
      const gradient = <f64>load<f32>(to) + byRest * <f64>load<f32>(at(v, width, i, j)) * e;
      if (score == greatest) ties++;
      byTop -= gradient;
      store<f32>(to, <f32>gradient);
    }
    for (let j = 0; j < n; j++) {
      const to = at(g, width, i, j), factor: f32 = i == j ? own * scale : scale;
      const shared: f32 = load<f32>(scratch + (<usize>j << 2)) == greatest ? <f32>(byTop / <f64>ties) : 0;
      store<f32>(to, factor * (load<f32>(to) + shared));
    }
  }
  return total;
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
    let pull: f64 = 1, push: f64 = 1, same = 0, rest = 0;
    for (let k: usize = 0; k < bytes; k += 16) {
      const x = f32x4.sub(v128.load(si + k), m);
      let weight = v128.load(wi + k);
      if (strict) weight = v128.and(weight, f32x4.lt(v128.load(si + k), almostOne));
      v128.store(scratch + k, f32x4.mul(weight, exp4(f32x4.mul(a, x))));
      v128.store(gi + k, f32x4.mul(v128.load(vi + k), exp4(f32x4.mul(b, x))));
    }
    for (let k: usize = 0, end = <usize>n << 2; k < end; k += 4) {
      const p = load<f32>(scratch + k), q = load<f32>(gi + k);
      pull += <f64>p;
      push += <f64>q;
      same += <i32>(p > 0);
      rest += <i32>(q > 0);
    }
    if (strict && (same == 0 || rest == 0)) {
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
