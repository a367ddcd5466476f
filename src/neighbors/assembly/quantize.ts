// Quantises rows: y = row - centre is about u q, with q integers and a unit u for each row.
import * as layout from '../memory-layout';

const LONGEST: f64 = 46000; // |q|: products stay below 2^31
const LONGEST_INT7: f64 = 126; // |q| in a lane of products.ts, 129 with rounding, sqrt(32) / 2
const LONGEST_INT8: f64 = 251; // the same, 254 with rounding: 129 * 254 < 2^15
const ROUNDING: f64 = 2e-6; // twice this exceeds float32's error in a score, 34 * 2^-24, relative to both norms: |u q| <= 2 |y|
const PART: f64 = 5e-7; // exceeds float32's relative error in a norm, an error or a bias

/** Quantises some of the queries; rows behind the last one are copies of it that no list takes. */
export function quantize(job: usize, task: i32): void {
  const set = load<usize>(job, layout.JOB_QUERIES), count = load<i32>(set, layout.SET_COUNT);
  const last = min((task + 1) * layout.ROW_BLOCK, (count + layout.PANEL - 1) & -layout.PANEL);
  for (let i = task * layout.ROW_BLOCK; i < last; i++) {
    quantizeRow(job, set, i, load<i32>(load<usize>(set, layout.SET_ROWS) + (<usize>min(i, count - 1) << 2)));
    if (i >= count) store<f32>(load<usize>(set, layout.SET_BIAS) + (<usize>i << 2), Infinity);
  }
}

// @ts-ignore: decorator
@inline
function centered(x: usize, center: usize): v128 {
  return f64x2.sub(f64x2.promote_low_f32x4(v128.load64_zero(x)), v128.load(center));
}

// @ts-ignore: decorator
@inline
function sumOf(v: v128): f64 {
  return f64x2.extract_lane(v, 0) + f64x2.extract_lane(v, 1);
}

function quantizeRow(job: usize, set: usize, i: i32, row: i32): void {
  const columns = load<i32>(job, layout.JOB_PAIRS) << 1, frame = load<usize>(job, layout.JOB_FRAME);
  const x = load<usize>(job, layout.JOB_TABLE) + <usize>row * <usize>load<i32>(job, layout.JOB_STRIDE);
  let squared: f64 = 0, mostOfLane: f64 = 0, alongs = f64x2.splat(0), mosts = alongs;
  let at = x, center = frame + layout.FRAME_CENTER;
  for (let from = 0; from < columns; from += layout.CHUNK) {
    let lane0 = f64x2.splat(0), lane1 = lane0;
    for (const end = at + (<usize>min(layout.CHUNK, columns - from) << 2); at < end; at += 16, center += 32) {
      const y = centered(at, center), z = centered(at + 8, center + 16);
      lane0 = f64x2.add(lane0, f64x2.mul(y, y));
      lane1 = f64x2.add(lane1, f64x2.mul(z, z));
      alongs = f64x2.add(alongs, f64x2.add(f64x2.mul(v128.load(center), y), f64x2.mul(v128.load(center, 16), z)));
      mosts = f64x2.pmax(mosts, f64x2.pmax(f64x2.abs(y), f64x2.abs(z)));
    }
    squared += sumOf(lane0) + sumOf(lane1);
    mostOfLane = max(mostOfLane, max(sumOf(lane0), sumOf(lane1)));
  }
  const most = max(f64x2.extract_lane(mosts, 0), f64x2.extract_lane(mosts, 1)), along = sumOf(alongs);
  const norm = sqrt(squared), lane = sqrt(mostOfLane), unit = load<f64>(frame, layout.FRAME_UNIT);
  if (load<i32>(job, layout.JOB_NARROW) == 0) round(job, set, i, x, norm, min(32767 / most, LONGEST / norm), Form.int16);
  else {
    round(job, set, i, x, norm, min(63 / most, min(LONGEST / norm, LONGEST_INT7 / lane)), Form.int7);
    round(job, set, i, x, norm, min(127 / most, min(LONGEST / norm, LONGEST_INT8 / lane)), Form.int8);
  }
  const product = load<i32>(job, layout.JOB_PRODUCT) != 0, units = unit * unit, I = <usize>i << 2;
  const centerSquared = load<f64>(frame, layout.FRAME_CENTER_SQUARED), far = sqrt(centerSquared) + load<f64>(frame, layout.FRAME_LONGEST);
  const bias = (product ? -along : squared / 2) * units;
  store<f32>(load<usize>(set, layout.SET_NORM) + I, <f32>(norm * unit * (1 + PART)));
  store<f32>(load<usize>(set, layout.SET_BIAS) + I, <f32>(bias - PART * abs(bias) - layout.LEAST));
  store<f64>(load<usize>(set, layout.SET_OFFSET) + (I << 1), (product ? along + centerSquared : squared) * units);
  store<f64>(load<usize>(set, layout.SET_SLACK) + (I << 1), 1e-12 * (product ? far * far : squared) * units);
}

const enum Form {
  int16, // of queries and base
  int7, // of queries
  int8, // of the base
}

/** Writes a row's numbers y * scale, rounded, and their unit and error. */
function round(job: usize, set: usize, i: i32, x: usize, norm: f64, scale: f64, form: Form): void {
  const columns = load<i32>(job, layout.JOB_PAIRS) << 1, frame = load<usize>(job, layout.JOB_FRAME), unit = load<f64>(frame, layout.FRAME_UNIT);
  const ofBase = form == Form.int8 ? <usize>layout.SET_BASE : 0, I = <usize>i << 2;
  const offset = i8x16.splat(form == Form.int7 ? <i8>layout.INT7_OFFSET : 0), scales = f64x2.splat(norm > 0 ? scale : 0);
  let to = load<usize>(set + ofBase, layout.SET_PANELS) + <usize>(i >> 3) * (<usize>columns << (form == Form.int16 ? 4 : 3)) + (<usize>(i & 7) << 2);
  let center = frame + layout.FRAME_CENTER, squares = f64x2.splat(0);
  for (const end = x + (<usize>columns << 2); x < end; x += 16, center += 32, to += 32) {
    const y = f64x2.mul(centered(x, center), scales), z = f64x2.mul(centered(x + 8, center + 16), scales);
    const q = f64x2.nearest(y), r = f64x2.nearest(z), e = f64x2.sub(y, q), f = f64x2.sub(z, r);
    squares = f64x2.add(squares, f64x2.add(f64x2.mul(e, e), f64x2.mul(f, f)));
    const four = i64x2.shuffle(i32x4.trunc_sat_f64x2_s_zero(q), i32x4.trunc_sat_f64x2_s_zero(r), 0, 2), shorts = i16x8.narrow_i32x4_s(four, four);
    if (form == Form.int16) {
      v128.store32_lane(to, shorts, 0);
      to += 32;
      v128.store32_lane(to, shorts, 1);
    } else v128.store32_lane(to, i8x16.add(i8x16.narrow_i16x8_s(shorts, shorts), offset), 0);
  }
  const error = norm > 0 ? sqrt(sumOf(squares)) / scale : 0;
  store<f32>(load<usize>(set + ofBase, layout.SET_INVERSE) + I, <f32>(norm > 0 ? unit / scale : 0));
  store<f32>(load<usize>(set + ofBase, layout.SET_ERROR) + I, <f32>((error + norm * ROUNDING) * unit * (1 + PART)));
}
