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

/**
 * Inserts a tile's scores into the lists that they may enter; its products are int32 [4, 8].
 *
 * y = u q + r with |r| = e |y| for both rows, so that |y y' - u u' q q'| = |r y' + u q r'| <= e |y| |y'| + (1 + e) |y| e' |y'|.
 * The sum of product and error, minus the bias, is thus an upper bound of the true score y y' - bias.
 */
export function insertTile(job: usize, i: i32, j: i32, both: bool, tile: usize): void {
  const queries = load<usize>(job, layout.JOB_QUERIES), base = load<usize>(job, layout.JOB_BASE), J = <usize>j << 2;
  const thresholds = load<usize>(job, layout.JOB_THRESHOLDS);
  const bBiases = load<usize>(base, layout.SET_BIAS) + J, bInverses = load<usize>(base + layout.SET_BASE, layout.SET_INVERSE) + J;
  const bNorms = load<usize>(base, layout.SET_NORM) + J, bErrors = load<usize>(base + layout.SET_BASE, layout.SET_ERROR) + J;
  const bias0 = v128.load(bBiases), bias1 = v128.load(bBiases, 16), inverse0 = v128.load(bInverses), inverse1 = v128.load(bInverses, 16);
  const norm0 = v128.load(bNorms), norm1 = v128.load(bNorms, 16), error0 = v128.load(bErrors), error1 = v128.load(bErrors, 16);
  const qInverses = load<usize>(queries, layout.SET_INVERSE), qBiases = load<usize>(queries, layout.SET_BIAS);
  const qNorms = load<usize>(queries, layout.SET_NORM), qErrors = load<usize>(queries, layout.SET_ERROR);
  for (let r = 0; r < 4; r++) {
    const I = <usize>(i + r) << 2, at = tile + (<usize>r << 5);
    const inverse = v128.load32_splat(qInverses + I), error = v128.load32_splat(qErrors + I), reach = f32x4.add(v128.load32_splat(qNorms + I), error);
    const s0 = upper(v128.load(at), inverse, inverse0, error, norm0, reach, error0);
    const s1 = upper(v128.load(at, 16), inverse, inverse1, error, norm1, reach, error1);
    const t = v128.load32_splat(thresholds + I), q0 = f32x4.sub(s0, bias0), q1 = f32x4.sub(s1, bias1);
    const above0 = f32x4.gt(q0, t), above1 = f32x4.gt(q1, t);
    if (!both) {
      if (v128.any_true(v128.or(above0, above1))) insert(job, i + r, 0, j, 1, q0, q1, above0, above1, at);
      continue;
    }
    const bias = v128.load32_splat(qBiases + I), b0 = f32x4.sub(s0, bias), b1 = f32x4.sub(s1, bias);
    const below0 = f32x4.gt(b0, v128.load(thresholds + J)), below1 = f32x4.gt(b1, v128.load(thresholds + J, 16));
    if (v128.any_true(v128.or(v128.or(above0, above1), v128.or(below0, below1)))) {
      insert(job, i + r, 0, j, 1, q0, q1, above0, above1, at);
      insert(job, j, 1, i + r, 0, b0, b1, below0, below1, at);
    }
  }
}

// @ts-ignore: decorator
@inline
function upper(product: v128, inverse: v128, inverses: v128, error: v128, norms: v128, reach: v128, errors: v128): v128 {
  const rounded = f32x4.mul(f32x4.mul(f32x4.convert_i32x4_s(product), inverses), inverse);
  return f32x4.add(rounded, f32x4.add(f32x4.mul(error, norms), f32x4.mul(reach, errors)));
}

/** Inserts those of eight scores that a mask has: the c-th is that of query + c dq with the row + c dr. */
function insert(job: usize, query: i32, dq: i32, row: i32, dr: i32, s0: v128, s1: v128, mask0: v128, mask1: v128, scratch: usize): void {
  v128.store(scratch, s0);
  v128.store(scratch, s1, 16);
  for (let mask = i32x4.bitmask(mask0) | (i32x4.bitmask(mask1) << 4); mask != 0; mask &= mask - 1) {
    const c = ctz(mask);
    insertCandidate(job, query + c * dq, load<f32>(scratch + (<usize>c << 2)), row + c * dr);
  }
}
