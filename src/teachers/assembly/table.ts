// The teacher's table: rows of weights, their embeddings, and Adam on them. Embeddings are relu(w) / |relu(w)|, or w
// itself where rows are free.
import * as layout from '../memory-layout';
import { sum4 } from '../../engine/wasm/assembly/simd';

/** The lower limit of the weights: 0 is relu, -Infinity leaves them as they are. */
// @ts-ignore: decorator
@inline
function floorOf(free: bool): v128 {
  return f32x4.splat(free ? -Infinity : 0);
}

/** Finishes an embedding that holds relu(w): divides by max(norm, 1e-12) unless free, and stores both norms. */
// @ts-ignore: decorator
@inline
function normalizeRow(teacher: usize, row: usize, embedding: usize, bytes: usize, squares: v128, free: bool): void {
  const sum = sum4(squares);
  if (free) {
    store<f32>(load<usize>(teacher, layout.TEACHER_INVERSE) + (row << 2), 1);
    store<f32>(load<usize>(teacher, layout.TEACHER_SQUARED) + (row << 2), sum);
    return;
  }
  const inverse: f32 = 1 / max<f32>(sqrt<f32>(sum), 1e-12);
  store<f32>(load<usize>(teacher, layout.TEACHER_INVERSE) + (row << 2), inverse);
  store<f32>(load<usize>(teacher, layout.TEACHER_SQUARED) + (row << 2), sum > 0 ? 1 : 0);
  const scale = f32x4.splat(inverse);
  for (let at: usize = 0; at < bytes; at += 16)
    v128.store(embedding + at, f32x4.mul(v128.load(embedding + at), scale));
}

/** Computes the embeddings of all rows, and the sum of |w|. */
export function normalize(job: usize, teacher: usize): void {
  const rows: usize = load<i32>(job, layout.SETTING_ROWS), bytes: usize = <usize>load<i32>(job, layout.SETTING_STRIDE) * 4;
  const weight = load<usize>(teacher, layout.TEACHER_WEIGHT), embedding = load<usize>(teacher, layout.TEACHER_EMBEDDING);
  const free: bool = load<i32>(job, layout.SETTING_FREE) != 0;
  const zero = f32x4.splat(0), floor = floorOf(free);
  let l1: f64 = 0;
  for (let row: usize = 0; row < rows; row++) {
    const w = weight + row * bytes, e = embedding + row * bytes;
    let squares = zero, absolute = zero;
    for (let at: usize = 0; at < bytes; at += 16) {
      const value = v128.load(w + at), positive = f32x4.max(value, floor);
      v128.store(e + at, positive);
      squares = f32x4.add(squares, f32x4.mul(positive, positive));
      absolute = f32x4.add(absolute, f32x4.abs(value));
    }
    l1 += <f64>sum4(absolute);
    normalizeRow(teacher, row, e, bytes, squares, free);
  }
  store<f64>(teacher, l1, layout.TEACHER_L1);
}

/**
 * Takes one step of Adam on all rows: updates moments, weights and embeddings, and clears the gradient.
 *
 * From g, the gradient with respect to the embedding e, the gradient with respect to w is (g - (g . e) e) / |relu(w)|
 * where w > 0; for free rows it is g - (sum of the row's coefficients) w.
 */
export function update(job: usize, teacher: usize): void {
  const rows: usize = load<i32>(job, layout.SETTING_ROWS), bytes: usize = <usize>load<i32>(job, layout.SETTING_STRIDE) * 4;
  const weight = load<usize>(teacher, layout.TEACHER_WEIGHT), embedding = load<usize>(teacher, layout.TEACHER_EMBEDDING);
  const gradient = load<usize>(teacher, layout.TEACHER_GRADIENT), first = load<usize>(teacher, layout.TEACHER_FIRST);
  const second = load<usize>(teacher, layout.TEACHER_SECOND), inverses = load<usize>(teacher, layout.TEACHER_INVERSE);
  const beta1 = load<f32>(job, layout.SETTING_BETA1), beta2 = load<f32>(job, layout.SETTING_BETA2);
  const coupled = load<f32>(job, layout.SETTING_COUPLED_DECAY), penalty = load<f32>(job, layout.SETTING_L1);
  const free: bool = load<i32>(job, layout.SETTING_FREE) != 0, pulls = load<usize>(teacher, layout.TEACHER_PULL);
  const decayed = coupled != 0 || penalty != 0;
  const zero = f32x4.splat(0), floor = floorOf(free), sign = i32x4.splat(0x80000000);
  const b1 = f32x4.splat(beta1), b2 = f32x4.splat(beta2), c1 = f32x4.splat(1 - beta1), c2 = f32x4.splat(1 - beta2);
  const decay = f32x4.splat(coupled), l1 = f32x4.splat(penalty);
  const shrink = f32x4.splat(1 - load<f32>(job, layout.SETTING_DECOUPLED_DECAY));
  const rate = f32x4.splat(load<f32>(job, layout.JOB_LEARNING_RATE));
  const correction = f32x4.splat(load<f32>(job, layout.JOB_SECOND_CORRECTION));
  const epsilon = f32x4.splat(load<f32>(job, layout.SETTING_EPSILON));
  let sum: f64 = 0;
  for (let row: usize = 0; row < rows; row++) {
    const o = row * bytes, w = weight + o, e = embedding + o, g = gradient + o, m = first + o, v = second + o;
    let dot = zero;
    if (!free)
      for (let at: usize = 0; at < bytes; at += 16)
        dot = f32x4.add(dot, f32x4.mul(v128.load(g + at), v128.load(e + at)));
    const radial = free ? v128.load32_splat(pulls + (row << 2)) : f32x4.splat(sum4(dot)), inverse = v128.load32_splat(inverses + (row << 2));
    let squares = zero, absolute = zero;
    for (let at: usize = 0; at < bytes; at += 16) {
      let x = v128.load(w + at);
      let d = f32x4.mul(f32x4.sub(v128.load(g + at), f32x4.mul(radial, v128.load(e + at))), inverse);
      d = v128.and(d, f32x4.gt(x, floor));
      v128.store(g + at, zero);
      if (decayed) {
        const signed = v128.and(v128.or(v128.and(x, sign), l1), f32x4.ne(x, zero));
        d = f32x4.add(d, f32x4.add(signed, f32x4.mul(decay, x)));
      }
      const mean = f32x4.add(f32x4.mul(v128.load(m + at), b1), f32x4.mul(d, c1));
      const variance = f32x4.add(f32x4.mul(v128.load(v + at), b2), f32x4.mul(f32x4.mul(d, c2), d));
      v128.store(m + at, mean);
      v128.store(v + at, variance);
      const size = f32x4.add(f32x4.mul(f32x4.sqrt(variance), correction), epsilon);
      x = f32x4.sub(f32x4.mul(x, shrink), f32x4.div(f32x4.mul(rate, mean), size));
      v128.store(w + at, x);
      absolute = f32x4.add(absolute, f32x4.abs(x));
      const positive = f32x4.max(x, floor);
      v128.store(e + at, positive);
      squares = f32x4.add(squares, f32x4.mul(positive, positive));
    }
    if (free) store<f32>(pulls + (row << 2), 0);
    sum += <f64>sum4(absolute);
    normalizeRow(teacher, row, e, bytes, squares, free);
  }
  store<f64>(teacher, sum, layout.TEACHER_L1);
}
