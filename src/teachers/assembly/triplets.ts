// Loss and gradient of a batch of triplets, at rows that are L2-normalised or free.
import { ckl } from './losses/ckl';
import { doubleContrastive } from './losses/double-contrastive';
import { doubleMargin } from './losses/double-margin';
import { doubleMultisimilarity } from './losses/double-multisimilarity';
import { g01, g02, g12 } from './losses/gradient';
import { soe } from './losses/soe';
import { ste } from './losses/ste';
import { triplet } from './losses/triplet';
import * as layout from '../memory-layout';
import { sum4 } from '../../engine/wasm/assembly/simd';

// Similarities of the current triplet, set by the caller of one().
let s01: f32 = 0;
let s02: f32 = 0;
let s12: f32 = 0;

/** Computes the loss of one triplet and whether pair 01 is the nearest. Stores the derivatives in g01, g02, g12. */
function one(job: usize, n0: f32, n1: f32, n2: f32): f32 {
  const directed: bool = load<i32>(job, layout.SETTING_DIRECTED) != 0;
  const p0 = load<f32>(job, layout.SETTING_PARAMETERS), p1 = load<f32>(job, layout.SETTING_PARAMETERS + 4);
  const p2 = load<f32>(job, layout.SETTING_PARAMETERS + 8);
  const q01 = max<f32>(n0 + n1 - 2 * s01, 0), q02 = max<f32>(n0 + n2 - 2 * s02, 0);
  const q12 = max<f32>(n1 + n2 - 2 * s12, 0);
  if (q01 < q02 && (directed || q01 < q12)) correct += 1;
  switch (load<i32>(job, layout.SETTING_LOSS)) {
    case 0: return doubleContrastive(q01, q02, q12, directed, p0, p1);
    case 1: return triplet(q01, q02, q12, directed, p0);
    case 2: return doubleMargin(q01, q02, q12, directed, p0, p1);
    case 3: return ste(s01, s02, s12, directed, p0, p1 != 0);
    case 5: return soe(q01, q02, q12, directed, p0);
    case 6: return ckl(q01, q02, q12, directed, p0);
    default: return doubleMultisimilarity(s01, s02, s12, directed, p0, p1, p2);
  }
}

let correct: i32 = 0;

// @ts-ignore: decorator
@inline
function pull(pulls: usize, row: usize, coefficient: f32): void {
  store<f32>(pulls + (row << 2), load<f32>(pulls + (row << 2)) + coefficient);
}

/** Computes triplet by triplet: three dot products, three rows of gradient. Best with more rows than triplets. */
export function directTriplets(job: usize, teacher: usize, train: bool): void {
  const bytes: usize = <usize>load<i32>(job, layout.SETTING_STRIDE) * 4;
  const directed: bool = load<i32>(job, layout.SETTING_DIRECTED) != 0;
  const embedding = load<usize>(teacher, layout.TEACHER_EMBEDDING), gradient = load<usize>(teacher, layout.TEACHER_GRADIENT);
  const squared = load<usize>(teacher, layout.TEACHER_SQUARED);
  const count = load<i32>(job, layout.JOB_COUNT), share: f32 = <f32>(1.0 / <f64>count);
  const free: bool = load<i32>(job, layout.SETTING_FREE) != 0, pulls = load<usize>(teacher, layout.TEACHER_PULL);
  let triplet = load<usize>(job, layout.JOB_TRIPLETS);
  let loss: f64 = 0;
  correct = 0;
  for (let t = 0; t < count; t++, triplet += 12) {
    const i = <usize>load<i32>(triplet), j = <usize>load<i32>(triplet, 4), k = <usize>load<i32>(triplet, 8);
    const a = embedding + i * bytes, b = embedding + j * bytes, c = embedding + k * bytes;
    let x = f32x4.splat(0), y = x, z = x, u = x, v = x, w = x;
    if (directed) {
      for (let at: usize = 0; at < bytes; at += 32) {
        const a0 = v128.load(a + at), a1 = v128.load(a + at, 16);
        x = f32x4.add(x, f32x4.mul(a0, v128.load(b + at)));
        y = f32x4.add(y, f32x4.mul(a0, v128.load(c + at)));
        u = f32x4.add(u, f32x4.mul(a1, v128.load(b + at, 16)));
        v = f32x4.add(v, f32x4.mul(a1, v128.load(c + at, 16)));
      }
    } else {
      for (let at: usize = 0; at < bytes; at += 32) {
        const a0 = v128.load(a + at), b0 = v128.load(b + at), c0 = v128.load(c + at);
        x = f32x4.add(x, f32x4.mul(a0, b0));
        y = f32x4.add(y, f32x4.mul(a0, c0));
        z = f32x4.add(z, f32x4.mul(b0, c0));
        const a1 = v128.load(a + at, 16), b1 = v128.load(b + at, 16), c1 = v128.load(c + at, 16);
        u = f32x4.add(u, f32x4.mul(a1, b1));
        v = f32x4.add(v, f32x4.mul(a1, c1));
        w = f32x4.add(w, f32x4.mul(b1, c1));
      }
    }
    s01 = sum4(f32x4.add(x, u));
    s02 = sum4(f32x4.add(y, v));
    s12 = sum4(f32x4.add(z, w));
    loss += <f64>one(job, load<f32>(squared + i * 4), load<f32>(squared + j * 4), load<f32>(squared + k * 4));
    if (!train) continue;
    if (free) {
      pull(pulls, i, (g01 + g02) * share);
      pull(pulls, j, (g01 + g12) * share);
      pull(pulls, k, (g02 + g12) * share);
    }
    const h01 = f32x4.splat(g01 * share), h02 = f32x4.splat(g02 * share), h12 = f32x4.splat(g12 * share);
    const ga = gradient + i * bytes, gb = gradient + j * bytes, gc = gradient + k * bytes;
    if (directed) {
      for (let at: usize = 0; at < bytes; at += 16) {
        const ea = v128.load(a + at), eb = v128.load(b + at), ec = v128.load(c + at);
        v128.store(ga + at, f32x4.add(v128.load(ga + at), f32x4.add(f32x4.mul(h01, eb), f32x4.mul(h02, ec))));
        v128.store(gb + at, f32x4.add(v128.load(gb + at), f32x4.mul(h01, ea)));
        v128.store(gc + at, f32x4.add(v128.load(gc + at), f32x4.mul(h02, ea)));
      }
    } else {
      for (let at: usize = 0; at < bytes; at += 16) {
        const ea = v128.load(a + at), eb = v128.load(b + at), ec = v128.load(c + at);
        v128.store(ga + at, f32x4.add(v128.load(ga + at), f32x4.add(f32x4.mul(h01, eb), f32x4.mul(h02, ec))));
        v128.store(gb + at, f32x4.add(v128.load(gb + at), f32x4.add(f32x4.mul(h01, ea), f32x4.mul(h12, ec))));
        v128.store(gc + at, f32x4.add(v128.load(gc + at), f32x4.add(f32x4.mul(h02, ea), f32x4.mul(h12, eb))));
      }
    }
  }
  store<f64>(teacher, loss, layout.TEACHER_LOSS);
  store<f64>(teacher, <f64>correct, layout.TEACHER_CORRECT);
}

/**
 * Computes S = E E^T for all pairs of rows first, then for each triplet three look-ups and three sums into the
 * coefficients C, then the gradient (C + C^T) E. Best with many more triplets than pairs of rows.
 */
export function gramTriplets(job: usize, teacher: usize, train: bool): void {
  const rows: usize = load<i32>(job, layout.SETTING_ROWS);
  const similarity = load<usize>(teacher, layout.TEACHER_SIMILARITY);
  const coefficient = load<usize>(teacher, layout.TEACHER_COEFFICIENT), squared = load<usize>(teacher, layout.TEACHER_SQUARED);
  const directed: bool = load<i32>(job, layout.SETTING_DIRECTED) != 0;
  const count = load<i32>(job, layout.JOB_COUNT), share: f32 = <f32>(1.0 / <f64>count);
  let triplet = load<usize>(job, layout.JOB_TRIPLETS);
  let loss: f64 = 0;
  correct = 0;
  for (let t = 0; t < count; t++, triplet += 12) {
    const i = <usize>load<i32>(triplet), j = <usize>load<i32>(triplet, 4), k = <usize>load<i32>(triplet, 8);
    const ij = (i * rows + j) << 2, ik = (i * rows + k) << 2, jk = (j * rows + k) << 2;
    s01 = load<f32>(similarity + ij);
    s02 = load<f32>(similarity + ik);
    s12 = load<f32>(similarity + jk);
    loss += <f64>one(job, load<f32>(squared + i * 4), load<f32>(squared + j * 4), load<f32>(squared + k * 4));
    if (!train) continue;
    store<f32>(coefficient + ij, load<f32>(coefficient + ij) + g01 * share);
    store<f32>(coefficient + ik, load<f32>(coefficient + ik) + g02 * share);
    if (!directed) store<f32>(coefficient + jk, load<f32>(coefficient + jk) + g12 * share);
  }
  store<f64>(teacher, loss, layout.TEACHER_LOSS);
  store<f64>(teacher, <f64>correct, layout.TEACHER_CORRECT);
}
