/** Holds rows `[n, size]` in host memory: row i begins at `first + i * step`. */
export interface HostRows {
  readonly data: Float32Array;
  readonly first: number;
  readonly step: number;
  readonly size: number;
}

/** Computes the squared distances of all pairs of n rows, `[n, n] float64`: from differences, so 0 for equal rows. */
export function squaredDistances({ data, first, step, size }: HostRows, n: number): Float64Array {
  const out = new Float64Array(n * n);
  for (let i = 0; i < n; i++)
    for (let j = 0; j < i; j++) {
      let [a, b] = [first + i * step, first + j * step];
      const whole = a + (size & ~3);
      let [s0, s1, s2, s3] = [0, 0, 0, 0];
      for (; a < whole; a += 4, b += 4) {
        const [d0, d1, d2, d3] = [data[a] - data[b], data[a + 1] - data[b + 1], data[a + 2] - data[b + 2], data[a + 3] - data[b + 3]]; // prettier-ignore
        s0 += d0 * d0;
        s1 += d1 * d1;
        s2 += d2 * d2;
        s3 += d3 * d3;
      }
      for (const end = first + i * step + size; a < end; a++, b++) s0 += (data[a] - data[b]) ** 2;
      out[i * n + j] = out[j * n + i] = s0 + s1 + (s2 + s3);
    }
  return out;
}

/** Mining replaces smaller distances by this one. */
export const LOWER_CUTOFF = 0.5;
/** The least 1 - d^2 / 4: opposite points would have infinite weight, and get that of the next smaller float32. */
const LEAST = 2 ** -24;

/**
 * Computes minus the log density of the distance d of uniform points on the unit sphere, up to a constant:
 * log f(d) = (2 - dim) log d + (3 - dim) / 2 log(1 - d^2 / 4).
 *
 * After Wu, Manmatha, Smola, Krähenbühl, *Sampling matters in deep embedding learning*, ICCV 2017.
 *
 * @param squared d^2
 */
export const logInverseDensity = (squared: number, dim: number): number =>
  ((2 - dim) / 2) * Math.log(squared) + ((3 - dim) / 2) * Math.log(Math.max(1 - squared / 4, LEAST));

/** Turns logarithms into weights, in place: the greatest becomes 1; -infinity gives 0. */
export function exponentiate(logarithms: Float64Array): void {
  let top = -Infinity;
  for (const x of logarithms) top = Math.max(top, x);
  for (let i = 0; i < logarithms.length; i++) logarithms[i] = Math.exp(logarithms[i] - top);
}
