// rkd: Huber losses (delta 1) of relative distances and of the cosines of all angles.
//
// The cosine at i between e_i - e_j and e_i - e_k is (q_ij + q_ik - q_jk) r_ij r_ik / 2, where q are squared distances
// and r their inverse roots, 0 for equal rows. So nothing of size n^3 or n^2 d is ever stored.
import { sum4 } from './math';
import { at } from './pairs';

/** Computes r = 1 / sqrt(q), 0 where q is 0. */
export function inverseRoots(q: usize, floats: i32, r: usize): void {
  const one = f32x4.splat(1), zero = f32x4.splat(0), epsilon = f32x4.splat(1e-12);
  for (let k: usize = 0, end = <usize>floats << 2; k < end; k += 16) {
    const square = v128.load(q + k);
    const inverse = f32x4.div(one, f32x4.add(f32x4.sqrt(square), epsilon));
    v128.store(r + k, v128.and(inverse, f32x4.gt(square, zero)));
  }
}

/**
 * Sums huber(cosine - mean of the teachers' cosines) over i, j, k; adds its derivative with respect to q to g.
 *
 * Exchanging j and k does not change the cosine, so k runs from j on.
 *
 * @param tq, tr q and r of the teachers, one matrix after the other
 * @param scratch 3 rows
 */
export function angles(
  q: usize, r: usize, tq: usize, tr: usize, teachers: i32, n: i32, width: i32, g: usize, scratch: usize,
): f64 {
  const bytes = <usize>width << 2, matrix = <usize>width * bytes;
  const target = scratch, byRoot = scratch + bytes, bySquare = scratch + 2 * bytes;
  const one = f32x4.splat(1), minusOne = f32x4.splat(-1), half = f32x4.splat(0.5), zero = f32x4.splat(0);
  const share: f32 = 0.5 / <f32>teachers;
  let total: f64 = 0;
  for (let i = 0; i < n; i++) {
    const row = <usize>i * bytes, qi = q + row, ri = r + row, gi = g + row;
    memory.fill(byRoot, 0, 2 * bytes);
    for (let j = 0; j < n; j++) {
      if (i == j) continue;
      const jo = <usize>j << 2, jrow = <usize>j * bytes, first = <usize>(j & ~3) << 2;
      memory.fill(target + first, 0, bytes - first);
      for (let t = 0; t < teachers; t++) {
        const a = tq + <usize>t * matrix, b = tr + <usize>t * matrix, inverse = load<f32>(b + row + jo);
        if (inverse == 0) continue;
        const ij = v128.load32_splat(a + row + jo), rij = f32x4.splat(share * inverse);
        const ai = a + row, aj = a + jrow, bi = b + row;
        for (let k = first; k < bytes; k += 16) {
          const sum = f32x4.sub(f32x4.add(ij, v128.load(ai + k)), v128.load(aj + k));
          const cosine = f32x4.mul(f32x4.mul(sum, v128.load(bi + k)), rij);
          v128.store(target + k, f32x4.add(v128.load(target + k), cosine));
        }
      }
      const inverse = load<f32>(ri + jo), square = v128.load32_splat(qi + jo);
      const rij = f32x4.splat(inverse), halved = f32x4.splat(0.5 * inverse);
      const qj = q + jrow, gj = g + jrow, lane = j & 3;
      let loss = zero, atRoot = zero, atSquare = zero;
      // k < j has weight 0, k = j weight 1, k > j weight 2
      let weight =
        lane == 0 ? f32x4(0.5, 1, 1, 1) : lane == 1 ? f32x4(0, 0.5, 1, 1) : lane == 2 ? f32x4(0, 0, 0.5, 1) : f32x4(0, 0, 0, 0.5);
      for (let k = first; k < bytes; k += 16) {
        const rik = v128.load(ri + k);
        const sum = f32x4.sub(f32x4.add(square, v128.load(qi + k)), v128.load(qj + k));
        const cosine = f32x4.mul(f32x4.mul(sum, rik), halved);
        const x = f32x4.sub(cosine, v128.load(target + k));
        const gradient = f32x4.pmax(f32x4.pmin(x, one), minusOne), weighted = f32x4.mul(gradient, weight);
        weight = one;
        loss = f32x4.add(loss, f32x4.mul(weighted, f32x4.sub(x, f32x4.mul(gradient, half))));
        const root = f32x4.mul(weighted, rik), own = f32x4.mul(weighted, cosine);
        atRoot = f32x4.add(atRoot, root);
        atSquare = f32x4.add(atSquare, own);
        v128.store(byRoot + k, f32x4.add(v128.load(byRoot + k), f32x4.mul(weighted, rij)));
        v128.store(bySquare + k, f32x4.add(v128.load(bySquare + k), own));
        v128.store(gj + k, f32x4.sub(v128.load(gj + k), f32x4.mul(root, rij)));
      }
      total += 2 * sum4(loss);
      store<f32>(byRoot + jo, load<f32>(byRoot + jo) + <f32>sum4(atRoot));
      store<f32>(bySquare + jo, load<f32>(bySquare + jo) + <f32>sum4(atSquare));
    }
    for (let k: usize = 0; k < bytes; k += 4) {
      const square = load<f32>(qi + k);
      if (square > 0)
        store<f32>(gi + k, load<f32>(gi + k) + load<f32>(byRoot + k) * load<f32>(ri + k) - load<f32>(bySquare + k) / square);
    }
  }
  return total;
}

/**
 * Sums huber(d_ij / mean of row i without d_ii - the same of the teachers) over i, j; sets g to its derivative with
 * respect to d.
 */
export function relativeDistances(d: usize, teachers: usize, n: i32, width: i32, g: usize): f64 {
  const others: f64 = max(n - 1, 1);
  let total: f64 = 0;
  for (let i = 0; i < n; i++) {
    let own: f64 = 0, theirs: f64 = 0, through: f64 = 0;
    for (let j = 0; j < n; j++) {
      own += <f64>load<f32>(at(d, width, i, j));
      theirs += <f64>load<f32>(at(teachers, width, i, j));
    }
    own = 1 / (own / others + 1e-12);
    theirs = 1 / (theirs / others + 1e-12);
    for (let j = 0; j < n; j++) {
      const distance = <f64>load<f32>(at(d, width, i, j)) * own;
      const x = distance - <f64>load<f32>(at(teachers, width, i, j)) * theirs, gradient = min(1.0, max(-1.0, x));
      total += gradient * (x - 0.5 * gradient);
      through += gradient * distance;
      store<f32>(at(g, width, i, j), <f32>(gradient * own));
    }
    const shared = <f32>((through * own) / others);
    for (let j = 0; j < n; j++) store<f32>(at(g, width, i, j), load<f32>(at(g, width, i, j)) - shared);
  }
  return total;
}
