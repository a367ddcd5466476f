const { fround, sqrt } = Math;

/**
 * Computes the sum of squared differences of two float32 rows as numpy's `np.linalg.norm(a - b, axis=1)` does in
 * float32: one by one below 8 columns, with eight partial sums up to 128 columns, and above that by halving the row.
 *
 * Source: `pairwise_sum` in `numpy/core/src/umath/loops_utils.h.src`.
 */
function squaredDistance(x: Float32Array, a: number, b: number, length: number): number {
  if (length < 8) {
    let sum = 0;
    for (let k = 0; k < length; k++) sum = fround(sum + square(x, a + k, b + k));
    return sum;
  }
  if (length > 128) {
    const half = (length >> 1) - ((length >> 1) % 8);
    return fround(squaredDistance(x, a, b, half) + squaredDistance(x, a + half, b + half, length - half));
  }
  let s0 = square(x, a, b);
  let s1 = square(x, a + 1, b + 1);
  let s2 = square(x, a + 2, b + 2);
  let s3 = square(x, a + 3, b + 3);
  let s4 = square(x, a + 4, b + 4);
  let s5 = square(x, a + 5, b + 5);
  let s6 = square(x, a + 6, b + 6);
  let s7 = square(x, a + 7, b + 7);
  const whole = length - (length % 8);
  for (let k = 8; k < whole; k += 8) {
    const [p, q] = [a + k, b + k];
    s0 = fround(s0 + square(x, p, q));
    s1 = fround(s1 + square(x, p + 1, q + 1));
    s2 = fround(s2 + square(x, p + 2, q + 2));
    s3 = fround(s3 + square(x, p + 3, q + 3));
    s4 = fround(s4 + square(x, p + 4, q + 4));
    s5 = fround(s5 + square(x, p + 5, q + 5));
    s6 = fround(s6 + square(x, p + 6, q + 6));
    s7 = fround(s7 + square(x, p + 7, q + 7));
  }
  let sum = fround(fround(fround(s0 + s1) + fround(s2 + s3)) + fround(fround(s4 + s5) + fround(s6 + s7)));
  for (let k = whole; k < length; k++) sum = fround(sum + square(x, a + k, b + k));
  return sum;
}

function square(x: Float32Array, a: number, b: number): number {
  const difference = fround(x[a] - x[b]);
  return fround(difference * difference);
}

/** Computes the Euclidean distance of two float32 rows that begin at a and b, to the last bit as numpy in float32. */
export function numpyDistance(x: Float32Array, a: number, b: number, length: number): number {
  return fround(sqrt(squaredDistance(x, a, b, length)));
}
