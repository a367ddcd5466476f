import { squaredDistance } from './squared-distance.js';

/** What rows are compared by, as names: the least Euclidean distance, or the greatest cosine or dot product, is nearest. */
export const similarities = ['euclidean', 'cosine', 'dot'] as const;

export type Similarity = (typeof similarities)[number];

/** How far two rows that begin at a and b are, in float64: only the order counts. */
export type Farness = (rows: ArrayLike<number>, a: number, b: number, size: number) => number;

const product: Farness = (rows, a, b, size) => {
  let sum = 0;
  for (let k = 0; k < size; k++) sum += rows[a + k] * rows[b + k];
  return sum;
};

/**
 * Each similarity as a number that grows with distance: the squared Euclidean distance, or minus the cosine or product. The
 * cosine with a row of zeros is 0.
 */
export const farness = {
  euclidean: squaredDistance,
  cosine: (rows, a, b, size) =>
    -product(rows, a, b, size) / (Math.sqrt(product(rows, a, a, size) * product(rows, b, b, size)) || 1),
  dot: (rows, a, b, size) => -product(rows, a, b, size),
} satisfies Record<Similarity, Farness>;
