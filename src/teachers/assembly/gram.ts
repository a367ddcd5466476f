// Products of the row table with itself, for gram mode.
import * as layout from '../memory-layout';
import { sum4 } from '../../engine/wasm/assembly/simd';

/** Computes S = E E^T, [rows, rows], both triangles; two rows by two rows at a time. */
export function similarities(job: usize, teacher: usize): void {
  const rows: usize = load<i32>(job, layout.SETTING_ROWS), bytes: usize = <usize>load<i32>(job, layout.SETTING_STRIDE) * 4;
  const embedding = load<usize>(teacher, layout.TEACHER_EMBEDDING), s = load<usize>(teacher, layout.TEACHER_SIMILARITY);
  for (let i: usize = 0; i < rows; i += 2) {
    const i2 = min(i + 1, rows - 1), a = embedding + i * bytes, b = embedding + i2 * bytes;
    for (let j = i; j < rows; j += 2) {
      const j2 = min(j + 1, rows - 1), c = embedding + j * bytes, d = embedding + j2 * bytes;
      let ac = f32x4.splat(0), ad = ac, bc = ac, bd = ac;
      for (let at: usize = 0; at < bytes; at += 16) {
        const va = v128.load(a + at), vb = v128.load(b + at), vc = v128.load(c + at), vd = v128.load(d + at);
        ac = f32x4.add(ac, f32x4.mul(va, vc));
        ad = f32x4.add(ad, f32x4.mul(va, vd));
        bc = f32x4.add(bc, f32x4.mul(vb, vc));
        bd = f32x4.add(bd, f32x4.mul(vb, vd));
      }
      put(s, rows, i, j, sum4(ac));
      put(s, rows, i, j2, sum4(ad));
      put(s, rows, i2, j, sum4(bc));
      put(s, rows, i2, j2, sum4(bd));
    }
  }
}

// @ts-ignore: decorator
@inline
function put(s: usize, rows: usize, i: usize, j: usize, value: f32): void {
  store<f32>(s + ((i * rows + j) << 2), value);
  store<f32>(s + ((j * rows + i) << 2), value);
}

/** Computes G = (C + C^T) E, and for free rows the row sums of C + C^T; then sets C to 0. */
export function gradientOfCoefficients(job: usize, teacher: usize): void {
  const rows: usize = load<i32>(job, layout.SETTING_ROWS), bytes: usize = <usize>load<i32>(job, layout.SETTING_STRIDE) * 4;
  const embedding = load<usize>(teacher, layout.TEACHER_EMBEDDING), gradient = load<usize>(teacher, layout.TEACHER_GRADIENT);
  const c = load<usize>(teacher, layout.TEACHER_COEFFICIENT);
  for (let i: usize = 0; i < rows; i++)
    for (let j: usize = 0; j <= i; j++) {
      const ij = c + ((i * rows + j) << 2), ji = c + ((j * rows + i) << 2);
      const both = load<f32>(ij) + load<f32>(ji);
      store<f32>(ij, both);
      store<f32>(ji, both);
    }
  if (load<i32>(job, layout.SETTING_FREE) != 0)
    for (let i: usize = 0; i < rows; i++) {
      let sum: f32 = 0;
      for (let j: usize = 0; j < rows; j++) sum += load<f32>(c + ((i * rows + j) << 2));
      store<f32>(load<usize>(teacher, layout.TEACHER_PULL) + (i << 2), sum);
    }
  for (let i: usize = 0; i < rows; i += 2) {
    const i2 = min(i + 1, rows - 1), ci = c + ((i * rows) << 2), ci2 = c + ((i2 * rows) << 2);
    for (let at: usize = 0; at < bytes; at += 32) {
      let p0 = f32x4.splat(0), p1 = p0, r0 = p0, r1 = p0;
      let e = embedding + at;
      for (let j: usize = 0; j < rows; j++, e += bytes) {
        const x = v128.load32_splat(ci + (j << 2)), y = v128.load32_splat(ci2 + (j << 2));
        const e0 = v128.load(e), e1 = v128.load(e, 16);
        p0 = f32x4.add(p0, f32x4.mul(x, e0));
        p1 = f32x4.add(p1, f32x4.mul(x, e1));
        r0 = f32x4.add(r0, f32x4.mul(y, e0));
        r1 = f32x4.add(r1, f32x4.mul(y, e1));
      }
      v128.store(gradient + i * bytes + at, p0);
      v128.store(gradient + i * bytes + at, p1, 16);
      v128.store(gradient + i2 * bytes + at, r0);
      v128.store(gradient + i2 * bytes + at, r1, 16);
    }
  }
  memory.fill(c, 0, (rows * rows) << 2);
}
