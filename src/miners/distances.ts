/** Rows `[n, size]` in host memory: row i begins at `first + i * step`. */
export interface HostRows {
  readonly data: Float32Array;
  readonly first: number;
  readonly step: number;
  readonly size: number;
}

/** Squared distances of row i from all n rows, into `out`, `[n]`. */
export function squaredDistances({ data, first, step, size }: HostRows, i: number, out: Float64Array): void {
  const a = first + i * step;
  for (let j = 0; j < out.length; j++) {
    const b = first + j * step;
    let sum = 0;
    for (let k = 0; k < size; k++) {
      const difference = data[a + k] - data[b + k];
      sum += difference * difference;
    }
    out[j] = sum;
  }
}

/** Squared distances, as far as mining looks at them: distances are clamped to at least .5. */
export const LOWER_CUTOFF = 0.5;
/** Antipodes, whose weight would be infinite, get that of float32's next nearer neighbours. */
const LEAST = 2 ** -24;

/**
 * Minus the logarithm of the density of distances d of uniform points on the unit sphere, up to a constant:
 * log f(d) = (2 - dim) log d + (3 - dim) / 2 log(1 - d^2 / 4).
 *
 * After Wu, Manmatha, Smola, Krähenbühl, *Sampling matters in deep embedding learning*, ICCV 2017.
 *
 * @param squared d^2
 */
export const logInverseDensity = (squared: number, dim: number): number =>
  ((2 - dim) / 2) * Math.log(squared) + ((3 - dim) / 2) * Math.log(Math.max(1 - squared / 4, LEAST));

/** Weights from their logarithms, in place: the greatest is 1; -infinity gives 0. */
export function exponentiate(logarithms: Float64Array): void {
  let top = -Infinity;
  for (const x of logarithms) top = Math.max(top, x);
  for (let i = 0; i < logarithms.length; i++) logarithms[i] = Math.exp(logarithms[i] - top);
}
