// Weighted hinge losses of all n^3 triplets: relaxed_triplet and mtt; semihard.ts has relaxed_facenet and facenet.
//
// loss_ijk = relu(margin - (d_ik - d_ij)), in exactly this order: at k = j it must be exactly the margin. A triplet's
// weight is, for pairs, a_ij b_ik; for relations, 1 / (1 + a_ij b_ik) with a = exp(D_ij / tau) and
// b = exp((margin2 - D_ik) / tau), the sigmoid of the teachers' difference; for votes, 1 if most teachers have
// D_ik - D_ij > their margin. Weights are 0 beyond row n.
import { exp4, sum4 } from './math';
import { at } from './pairs';

export const PAIRS = 0;
export const RELATIONS = 1;

/** Computes the factors a and b of the relations' weights, shifted by each row's middle so that neither overflows. */
export function relationFactors(d: usize, n: i32, width: i32, tau: f32, margin2: f32, a: usize, b: usize): void {
  const scale = f32x4.splat(1 / tau);
  for (let i = 0; i < n; i++) {
    const di = at(d, width, i, 0), ai = at(a, width, i, 0), bi = at(b, width, i, 0);
    let least: f32 = Infinity, greatest: f32 = 0;
    for (let k: usize = 0, end = <usize>n << 2; k < end; k += 4) {
      least = min<f32>(least, load<f32>(di + k));
      greatest = max<f32>(greatest, load<f32>(di + k));
    }
    const middle = f32x4.splat(<f32>0.5 * (least + greatest)), shift = f32x4.splat(margin2);
    for (let k: usize = 0, end = <usize>width << 2; k < end; k += 16) {
      const x = f32x4.sub(v128.load(di + k), middle);
      v128.store(ai + k, exp4(f32x4.mul(scale, x)));
      v128.store(bi + k, exp4(f32x4.mul(scale, f32x4.sub(shift, x))));
    }
    for (let k = n; k < width; k++) store<f32>(at(b, width, i, k), Infinity);
  }
}

// @ts-ignore: decorator
@inline
export function weightOf(kind: i32, a: v128, b: v128): v128 {
  const product = f32x4.mul(a, b);
  return kind == PAIRS ? product : f32x4.div(f32x4.splat(1), f32x4.add(f32x4.splat(1), product));
}

let weights: f64 = 0;

export function setSumOfWeights(sum: f64): void {
  weights = sum;
}

/** Returns the sum of the weights of the last call. */
export function sumOfWeights(): f64 {
  return weights;
}

/** Sums weight x loss over all triplets; adds its derivative with respect to d to g. */
// @ts-ignore: decorator
@inline
function all(kind: i32, d: usize, a: usize, b: usize, n: i32, width: i32, margin: f32, g: usize): f64 {
  const m = f32x4.splat(margin), zero = f32x4.splat(0), bytes = <usize>width << 2;
  let total: f64 = 0, sum: f64 = 0;
  for (let i = 0; i < n; i++) {
    const row = <usize>i * bytes, di = d + row, ai = a + row, bi = b + row, gi = g + row;
    for (let j: usize = 0, end = <usize>n << 2; j < end; j += 4) {
      if (kind == PAIRS && load<f32>(ai + j) == 0) continue;
      const dij = v128.load32_splat(di + j), aij = v128.load32_splat(ai + j);
      let loss = zero, count = zero, weightSum = zero;
      for (let k: usize = 0; k < bytes; k += 16) {
        const weight = weightOf(kind, aij, v128.load(bi + k));
        const x = f32x4.sub(m, f32x4.sub(v128.load(di + k), dij));
        const active = v128.and(weight, f32x4.gt(x, zero));
        weightSum = f32x4.add(weightSum, weight);
        loss = f32x4.add(loss, f32x4.mul(active, x));
        count = f32x4.add(count, active);
        v128.store(gi + k, f32x4.sub(v128.load(gi + k), active));
      }
      total += sum4(loss);
      sum += sum4(weightSum);
      store<f32>(gi + j, load<f32>(gi + j) + <f32>sum4(count));
    }
  }
  weights = sum;
  return total;
}

export function hingesByPairs(d: usize, a: usize, b: usize, n: i32, width: i32, margin: f32, g: usize): f64 {
  return all(PAIRS, d, a, b, n, width, margin, g);
}

export function hingesByRelations(d: usize, a: usize, b: usize, n: i32, width: i32, margin: f32, g: usize): f64 {
  return all(RELATIONS, d, a, b, n, width, margin, g);
}

/** Does the same with the teachers' votes as weights; their distances are matrices, one after the other. */
export function hingesByVotes(
  d: usize, teachers: usize, numTeachers: i32, teacherMargin: f32, n: i32, width: i32, margin: f32, g: usize, mask: usize,
): f64 {
  const m = f32x4.splat(margin), zero = f32x4.splat(0), bytes = <usize>width << 2, matrix = <usize>width * bytes;
  const limit = f32x4.splat(teacherMargin), most = i32x4.splat(numTeachers), end = <usize>n << 2;
  let total: f64 = 0, sum: i64 = 0;
  for (let k = 0; k < width; k++) store<i32>(mask + (<usize>k << 2), k < n ? -1 : 0);
  for (let i = 0; i < n; i++) {
    const row = <usize>i * bytes, di = d + row, gi = g + row;
    for (let j: usize = 0; j < end; j += 4) {
      const dij = v128.load32_splat(di + j);
      let loss = zero, count = zero, chosen = i32x4.splat(0);
      for (let k: usize = 0; k < bytes; k += 32) {
        let v = i32x4.splat(0), w = v; // minus the number of votes
        for (let t = 0, ti = teachers + row; t < numTeachers; t++, ti += matrix) {
          const tij = v128.load32_splat(ti + j);
          v = i32x4.add(v, f32x4.gt(f32x4.sub(v128.load(ti + k), tij), limit));
          w = i32x4.add(w, f32x4.gt(f32x4.sub(v128.load(ti + k, 16), tij), limit));
        }
        v = v128.and(i32x4.lt_s(i32x4.add(i32x4.add(v, v), most), i32x4.splat(0)), v128.load(mask + k));
        w = v128.and(i32x4.lt_s(i32x4.add(i32x4.add(w, w), most), i32x4.splat(0)), v128.load(mask + k, 16));
        const x = f32x4.sub(m, f32x4.sub(v128.load(di + k), dij)), y = f32x4.sub(m, f32x4.sub(v128.load(di + k, 16), dij));
        const p = v128.and(v, f32x4.gt(x, zero)), q = v128.and(w, f32x4.gt(y, zero));
        chosen = i32x4.add(chosen, i32x4.add(v, w));
        loss = f32x4.add(loss, f32x4.add(v128.and(p, x), v128.and(q, y)));
        const one = f32x4.splat(1), p1 = v128.and(p, one), q1 = v128.and(q, one);
        count = f32x4.add(count, f32x4.add(p1, q1));
        v128.store(gi + k, f32x4.sub(v128.load(gi + k), p1));
        v128.store(gi + k, f32x4.sub(v128.load(gi + k, 16), q1), 16);
      }
      total += sum4(loss);
      sum -= i32x4.extract_lane(chosen, 0) + i32x4.extract_lane(chosen, 1) + i32x4.extract_lane(chosen, 2) + i32x4.extract_lane(chosen, 3);
      store<f32>(gi + j, load<f32>(gi + j) + <f32>sum4(count));
    }
  }
  weights = <f64>sum;
  return total;
}
