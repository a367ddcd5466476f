// Exact values in float64: of the listed candidates, of all rows, of one row.
import * as layout from '../memory-layout';
import { rowOf, scoreOf, sortHeap } from './lists';

// @ts-ignore: decorator
@inline
function high(v: v128): v128 {
  return f64x2.promote_low_f32x4(i32x4.shuffle(v, v, 2, 3, 2, 3));
}

/** Computes the value that is least for the nearest row: the squared distance, or minus the dot product. */
function value(a: usize, b: usize, bytes: usize, product: bool): f64 {
  let s0 = f64x2.splat(0), s1 = s0;
  if (product) {
    for (let at: usize = 0; at < bytes; at += 16) {
      const x = v128.load(a + at), y = v128.load(b + at);
      s0 = f64x2.sub(s0, f64x2.mul(f64x2.promote_low_f32x4(x), f64x2.promote_low_f32x4(y)));
      s1 = f64x2.sub(s1, f64x2.mul(high(x), high(y)));
    }
  } else {
    for (let at: usize = 0; at < bytes; at += 16) {
      const x = v128.load(a + at), y = v128.load(b + at);
      const d0 = f64x2.sub(f64x2.promote_low_f32x4(x), f64x2.promote_low_f32x4(y)), d1 = f64x2.sub(high(x), high(y));
      s0 = f64x2.add(s0, f64x2.mul(d0, d0));
      s1 = f64x2.add(s1, f64x2.mul(d1, d1));
    }
  }
  s0 = f64x2.add(s0, s1);
  return f64x2.extract_lane(s0, 0) + f64x2.extract_lane(s0, 1);
}

/** Adds a row to the k best of a query, ordered by value, then by row; returns the k-th value. */
function keep(job: usize, query: i32, v: f64, row: i32): f64 {
  const k = load<i32>(job, layout.JOB_K), values = load<usize>(job, layout.JOB_VALUES) + (<usize>query * <usize>k << 3);
  const rows = load<usize>(job, layout.JOB_NEIGHBORS) + (<usize>query * <usize>k << 2);
  let at = k;
  while (at > 0) {
    const before = load<f64>(values + (<usize>(at - 1) << 3));
    if (before < v || (before == v && load<i32>(rows + (<usize>(at - 1) << 2)) < row)) break;
    if (at < k) {
      store<f64>(values + (<usize>at << 3), before);
      store<i32>(rows + (<usize>at << 2), load<i32>(rows + (<usize>(at - 1) << 2)));
    }
    at--;
  }
  if (at < k) {
    store<f64>(values + (<usize>at << 3), v);
    store<i32>(rows + (<usize>at << 2), row);
  }
  return load<f64>(values + (<usize>(k - 1) << 3));
}

function begin(job: usize, query: i32): void {
  const k = load<i32>(job, layout.JOB_K);
  for (let q = query * k; q < (query + 1) * k; q++) {
    store<f64>(load<usize>(job, layout.JOB_VALUES) + (<usize>q << 3), Infinity);
    store<i32>(load<usize>(job, layout.JOB_NEIGHBORS) + (<usize>q << 2), -1);
  }
}

/** Returns a lower bound of the score of a row with the value v, in the units of the scores. */
function scoreReached(job: usize, queries: usize, query: i32, v: f64): f64 {
  const unit = load<f64>(load<usize>(job, layout.JOB_FRAME), layout.FRAME_UNIT), scale = unit * unit, at = <usize>query << 3;
  const offset = load<f64>(load<usize>(queries, layout.SET_OFFSET) + at), slack = load<f64>(load<usize>(queries, layout.SET_SLACK) + at);
  const exact = load<i32>(job, layout.JOB_PRODUCT) != 0 ? -v * scale - offset : 0.5 * (offset - v * scale);
  return exact - slack - 1e-12 * abs(v * scale);
}

/**
 * Computes the listed candidates exactly, from the highest score down, until no further one can be among the k best.
 *
 * The result is proven if that point was reached before the end of the list, or the list was not full and nothing lower
 * can be a neighbour.
 */
export function check(job: usize, task: i32): void {
  const queries = load<usize>(job, layout.JOB_QUERIES), base = load<usize>(job, layout.JOB_BASE);
  const table = load<usize>(job, layout.JOB_TABLE), stride = <usize>load<i32>(job, layout.JOB_STRIDE);
  const length = load<i32>(job, layout.JOB_LENGTH), product = load<i32>(job, layout.JOB_PRODUCT) != 0, sure = load<i32>(job, layout.JOB_SURE) != 0;
  const rows = load<usize>(base, layout.SET_ROWS), last = min((task + 1) * layout.ROW_BLOCK, load<i32>(queries, layout.SET_COUNT));
  for (let query = task * layout.ROW_BLOCK; query < last; query++) {
    const heap = load<usize>(job, layout.JOB_LISTS) + (<usize>query * <usize>length << 3);
    const own = table + <usize>load<i32>(load<usize>(queries, layout.SET_ROWS) + (<usize>query << 2)) * stride;
    sortHeap(heap, length);
    begin(job, query);
    let reached = -Infinity, worst = Infinity, checked = 0, proven = false;
    for (; checked < length; checked++) {
      const entry = load<i64>(heap + (<usize>checked << 3)), index = rowOf(entry);
      proven = <f64>scoreOf(entry) < reached || (index < 0 && sure);
      if (proven || index < 0) break;
      const row = load<i32>(rows + (<usize>index << 2)), now = keep(job, query, value(own, table + <usize>row * stride, stride, product), row);
      if (now < worst) {
        worst = now;
        reached = scoreReached(job, queries, query, worst);
      }
    }
    store<i32>(load<usize>(job, layout.JOB_CHECKED) + (<usize>query << 2), proven ? checked : -1);
  }
}

/** Compares each query of a task with all rows of the base, exactly. */
export function scan(job: usize, task: i32): void {
  const queries = load<usize>(job, layout.JOB_QUERIES), base = load<usize>(job, layout.JOB_BASE), count = load<i32>(base, layout.SET_COUNT);
  const table = load<usize>(job, layout.JOB_TABLE), stride = <usize>load<i32>(job, layout.JOB_STRIDE);
  const product = load<i32>(job, layout.JOB_PRODUCT) != 0, rows = load<usize>(base, layout.SET_ROWS);
  const mine = load<i32>(load<usize>(queries, layout.SET_ROWS) + (<usize>task << 2));
  begin(job, task);
  let worst = Infinity;
  for (let index = 0; index < count; index++) {
    const row = load<i32>(rows + (<usize>index << 2));
    if (row == mine) continue;
    const v = value(table + <usize>mine * stride, table + <usize>row * stride, stride, product);
    if (v <= worst) worst = keep(job, task, v, row);
  }
}

/** Computes the values of rows with the leader. */
export function measure(job: usize, task: i32): void {
  const queries = load<usize>(job, layout.JOB_QUERIES), last = min((task + 1) * layout.ROW_BLOCK, load<i32>(queries, layout.SET_COUNT));
  const table = load<usize>(job, layout.JOB_TABLE), stride = <usize>load<i32>(job, layout.JOB_STRIDE);
  const leader = table + <usize>load<i32>(job, layout.JOB_LEADER) * stride, product = load<i32>(job, layout.JOB_PRODUCT) != 0;
  const rows = load<usize>(queries, layout.SET_ROWS), measures = load<usize>(job, layout.JOB_MEASURES);
  for (let query = task * layout.ROW_BLOCK; query < last; query++)
    store<f64>(measures + (<usize>query << 3), value(leader, table + <usize>load<i32>(rows + (<usize>query << 2)) * stride, stride, product));
}
