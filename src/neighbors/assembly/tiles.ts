// Scores of four queries with eight base rows at a time. Int16 products are summed in int32; the largest error of the
// rounding to int16 is added, which gives an upper bound of the true score p - bias, where p is the dot product.
import * as layout from '../memory-layout';
import { exceeds, insertTile } from './insert-candidates';

/**
 * Computes queries [from, to) with the base panels [first, last). With `both`, each pair is offered to the lists of
 * both rows.
 */
function tile(job: usize, from: i32, to: i32, first: i32, last: i32, both: bool, scratch: usize): void {
  const queries = load<usize>(job, layout.JOB_QUERIES), base = load<usize>(job, layout.JOB_BASE);
  const panel = <usize>load<i32>(job, layout.JOB_PAIRS) << 5, thresholds = load<usize>(job, layout.JOB_THRESHOLDS);
  const qPanels = load<usize>(queries, layout.SET_PANELS), bPanels = load<usize>(base, layout.SET_PANELS);
  const qInverse = load<usize>(queries, layout.SET_INVERSE), bInverse = load<usize>(base, layout.SET_INVERSE);
  const qNorm = load<usize>(queries, layout.SET_NORM), bNorm = load<usize>(base, layout.SET_NORM);
  const qError = load<usize>(queries, layout.SET_ERROR), bError = load<usize>(base, layout.SET_ERROR);
  const qBias = load<usize>(queries, layout.SET_BIAS), bBias = load<usize>(base, layout.SET_BIAS);
  for (let p = first; p < last; p++) {
    const b0 = bPanels + <usize>p * panel, end = b0 + panel, J = <usize>p << 5;
    for (let i = from; i < to; i += 4) {
      let a = qPanels + <usize>(i >> 3) * panel + (<usize>(i & 4) << 2);
      let c00 = i32x4.splat(0), c01 = c00, c10 = c00, c11 = c00, c20 = c00, c21 = c00, c30 = c00, c31 = c00;
      for (let b = b0; b < end; b += 32, a += 32) {
        const x = v128.load(b), y = v128.load(b, 16);
        let s = v128.load32_splat(a);
        c00 = i32x4.add(c00, i32x4.dot_i16x8_s(s, x));
        c01 = i32x4.add(c01, i32x4.dot_i16x8_s(s, y));
        s = v128.load32_splat(a, 4);
        c10 = i32x4.add(c10, i32x4.dot_i16x8_s(s, x));
        c11 = i32x4.add(c11, i32x4.dot_i16x8_s(s, y));
        s = v128.load32_splat(a, 8);
        c20 = i32x4.add(c20, i32x4.dot_i16x8_s(s, x));
        c21 = i32x4.add(c21, i32x4.dot_i16x8_s(s, y));
        s = v128.load32_splat(a, 12);
        c30 = i32x4.add(c30, i32x4.dot_i16x8_s(s, x));
        c31 = i32x4.add(c31, i32x4.dot_i16x8_s(s, y));
      }
      // products in the units of the scores
      const I = <usize>i << 2, inv0 = v128.load(bInverse + J), inv1 = v128.load(bInverse + J, 16);
      let q = v128.load32_splat(qInverse + I);
      c00 = f32x4.mul(f32x4.mul(f32x4.convert_i32x4_s(c00), inv0), q);
      c01 = f32x4.mul(f32x4.mul(f32x4.convert_i32x4_s(c01), inv1), q);
      q = v128.load32_splat(qInverse + I, 4);
      c10 = f32x4.mul(f32x4.mul(f32x4.convert_i32x4_s(c10), inv0), q);
      c11 = f32x4.mul(f32x4.mul(f32x4.convert_i32x4_s(c11), inv1), q);
      q = v128.load32_splat(qInverse + I, 8);
      c20 = f32x4.mul(f32x4.mul(f32x4.convert_i32x4_s(c20), inv0), q);
      c21 = f32x4.mul(f32x4.mul(f32x4.convert_i32x4_s(c21), inv1), q);
      q = v128.load32_splat(qInverse + I, 12);
      c30 = f32x4.mul(f32x4.mul(f32x4.convert_i32x4_s(c30), inv0), q);
      c31 = f32x4.mul(f32x4.mul(f32x4.convert_i32x4_s(c31), inv1), q);
      const error0 = v128.load(bError + J), error1 = v128.load(bError + J, 16);
      const bias0 = v128.load(bBias + J), bias1 = v128.load(bBias + J, 16);
      let n = v128.load32_splat(qNorm + I), t = v128.load32_splat(thresholds + I);
      let any = v128.or(exceeds(c00, n, error0, bias0, t), exceeds(c01, n, error1, bias1, t));
      n = v128.load32_splat(qNorm + I, 4);
      t = v128.load32_splat(thresholds + I, 4);
      any = v128.or(any, v128.or(exceeds(c10, n, error0, bias0, t), exceeds(c11, n, error1, bias1, t)));
      n = v128.load32_splat(qNorm + I, 8);
      t = v128.load32_splat(thresholds + I, 8);
      any = v128.or(any, v128.or(exceeds(c20, n, error0, bias0, t), exceeds(c21, n, error1, bias1, t)));
      n = v128.load32_splat(qNorm + I, 12);
      t = v128.load32_splat(thresholds + I, 12);
      any = v128.or(any, v128.or(exceeds(c30, n, error0, bias0, t), exceeds(c31, n, error1, bias1, t)));
      if (both) {
        const norm0 = v128.load(bNorm + J), norm1 = v128.load(bNorm + J, 16);
        const t0 = v128.load(thresholds + J), t1 = v128.load(thresholds + J, 16);
        let e = v128.load32_splat(qError + I), d = v128.load32_splat(qBias + I);
        any = v128.or(any, v128.or(exceeds(c00, norm0, e, d, t0), exceeds(c01, norm1, e, d, t1)));
        e = v128.load32_splat(qError + I, 4);
        d = v128.load32_splat(qBias + I, 4);
        any = v128.or(any, v128.or(exceeds(c10, norm0, e, d, t0), exceeds(c11, norm1, e, d, t1)));
        e = v128.load32_splat(qError + I, 8);
        d = v128.load32_splat(qBias + I, 8);
        any = v128.or(any, v128.or(exceeds(c20, norm0, e, d, t0), exceeds(c21, norm1, e, d, t1)));
        e = v128.load32_splat(qError + I, 12);
        d = v128.load32_splat(qBias + I, 12);
        any = v128.or(any, v128.or(exceeds(c30, norm0, e, d, t0), exceeds(c31, norm1, e, d, t1)));
      }
      if (v128.any_true(any)) {
        v128.store(scratch, c00);
        v128.store(scratch, c01, 16);
        v128.store(scratch, c10, 32);
        v128.store(scratch, c11, 48);
        v128.store(scratch, c20, 64);
        v128.store(scratch, c21, 80);
        v128.store(scratch, c30, 96);
        v128.store(scratch, c31, 112);
        insertTile(job, i, p << 3, both, scratch);
      }
    }
  }
}

// @ts-ignore: decorator
@inline
function lock(at: usize): void {
  while (atomic.cmpxchg<i32>(at, 0, 1) != 0) {}
}

/**
 * Computes a pair of blocks of one set: first each block with itself, then all pairs in the order of a round-robin
 * tournament. There, consecutive tasks share no block, so that threads rarely wait for the locks on the blocks' lists.
 */
export function pairs(job: usize, task: i32, scratch: usize): void {
  const count = load<i32>(load<usize>(job, layout.JOB_BASE), layout.SET_COUNT), locks = load<usize>(job, layout.JOB_LOCKS);
  const rows = (count + layout.PANEL - 1) & -layout.PANEL, blocks = (count + layout.BLOCK - 1) / layout.BLOCK;
  let I = task, J = task;
  if (task >= blocks) {
    const players = blocks + (blocks & 1), others = players - 1, t = task - blocks;
    const round = t / (players / 2), p = t % (players / 2);
    I = p == 0 ? others : (round + p) % others;
    J = p == 0 ? round : (round - p + others) % others;
    if (I > J) {
      const swap = I;
      I = J;
      J = swap;
    }
    if (J >= blocks) return; // with an odd number of blocks, one has no partner
  }
  const lockI = locks + (<usize>I << 2), lockJ = locks + (<usize>J << 2);
  lock(lockI);
  if (I != J) lock(lockJ);
  tile(job, I * layout.BLOCK, min((I + 1) * layout.BLOCK, rows), J * layout.BLOCK / layout.PANEL, min((J + 1) * layout.BLOCK, rows) / layout.PANEL, I != J, scratch);
  atomic.store<i32>(lockI, 0);
  if (I != J) atomic.store<i32>(lockJ, 0);
}

/** Computes a block of queries with the whole base. */
export function scores(job: usize, task: i32, scratch: usize): void {
  const queries = load<i32>(load<usize>(job, layout.JOB_QUERIES), layout.SET_COUNT);
  const base = load<i32>(load<usize>(job, layout.JOB_BASE), layout.SET_COUNT);
  const from = task * layout.QUERY_BLOCK, to = min(from + layout.QUERY_BLOCK, (queries + 3) & -4);
  tile(job, from, to, 0, (base + layout.PANEL - 1) / layout.PANEL, false, scratch);
}
