// Scores of a tile that are above their query's threshold enter its list.
import * as layout from '../memory-layout';
import { replaceWorst } from './lists';

/** Inserts a candidate into a query's list. */
function insertCandidate(job: usize, query: i32, score: f32, row: i32): void {
  const threshold = load<usize>(job, layout.JOB_THRESHOLDS) + (<usize>query << 2);
  if (!(score > load<f32>(threshold))) return;
  const queries = load<usize>(job, layout.JOB_QUERIES), base = load<usize>(job, layout.JOB_BASE);
  if (load<i32>(load<usize>(queries, layout.SET_ROWS) + (<usize>query << 2)) == load<i32>(load<usize>(base, layout.SET_ROWS) + (<usize>row << 2))) return;
  const length = load<i32>(job, layout.JOB_LENGTH);
  store<f32>(threshold, replaceWorst(load<usize>(job, layout.JOB_LISTS) + (<usize>query * <usize>length << 3), length, score, row));
}

// @ts-ignore: decorator
@inline
export function exceeds(product: v128, norm: v128, error: v128, bias: v128, threshold: v128): v128 {
  return f32x4.gt(f32x4.sub(f32x4.add(product, f32x4.mul(norm, error)), bias), threshold);
}

// @ts-ignore: decorator
@inline
function masked(left: v128, right: v128): i32 {
  return i32x4.bitmask(left) | (i32x4.bitmask(right) << 4);
}

/** Inserts a tile's scores, in scratch as float32 [4, 8], into the lists that they may enter. */
export function insertTile(job: usize, i: i32, j: i32, both: bool, scratch: usize): void {
  const queries = load<usize>(job, layout.JOB_QUERIES), base = load<usize>(job, layout.JOB_BASE), J = <usize>j << 2;
  const thresholds = load<usize>(job, layout.JOB_THRESHOLDS);
  const bErrors = load<usize>(base, layout.SET_ERROR) + J, bBiases = load<usize>(base, layout.SET_BIAS) + J, bNorms = load<usize>(base, layout.SET_NORM) + J;
  const error0 = v128.load(bErrors), error1 = v128.load(bErrors, 16), bias0 = v128.load(bBiases), bias1 = v128.load(bBiases, 16);
  const norm0 = v128.load(bNorms), norm1 = v128.load(bNorms, 16);
  for (let r = 0; r < 4; r++) {
    const I = <usize>(i + r) << 2, products = scratch + (<usize>r << 5), p0 = v128.load(products), p1 = v128.load(products, 16);
    const norm = load<f32>(load<usize>(queries, layout.SET_NORM) + I), n = f32x4.splat(norm), t = v128.load32_splat(thresholds + I);
    let mask = masked(exceeds(p0, n, error0, bias0, t), exceeds(p1, n, error1, bias1, t));
    for (; mask != 0; mask &= mask - 1) {
      const c = ctz(mask), at = <usize>c << 2;
      insertCandidate(job, i + r, load<f32>(products + at) + norm * load<f32>(bErrors + at) - load<f32>(bBiases + at), j + c);
    }
    if (!both) continue;
    const error = load<f32>(load<usize>(queries, layout.SET_ERROR) + I), bias = load<f32>(load<usize>(queries, layout.SET_BIAS) + I);
    const e = f32x4.splat(error), d = f32x4.splat(bias);
    mask = masked(exceeds(p0, norm0, e, d, v128.load(thresholds + J)), exceeds(p1, norm1, e, d, v128.load(thresholds + J, 16)));
    for (; mask != 0; mask &= mask - 1) {
      const c = ctz(mask), at = <usize>c << 2;
      insertCandidate(job, j + c, load<f32>(products + at) + load<f32>(bNorms + at) * error - bias, i + r);
    }
  }
}
