import { squaredDistance } from './squared-distance.js';

/** The names of the measures that compare rows: least Euclidean distance, greatest cosine or greatest dot product. */
export const similarities = ['euclidean', 'cosine', 'dot'] as const;

export type Similarity = (typeof similarities)[number];

/** Computes a float64 that grows with the distance of the rows that begin at a and b; only its order counts. */
export type Farness = (rows: ArrayLike<number>, a: number, b: number, size: number) => number;

const product: Farness = (rows, a, b, size) => {
  let sum = 0;
  for (let k = 0; k < size; k++) sum += rows[a + k] * rows[b + k];
  return sum;
};

/**
 * The measures as numbers that grow with distance: the squared Euclidean distance, or minus the cosine or the dot
 * product. The cosine with a row of zeros is 0.
 */
export const farness = {
  euclidean: squaredDistance,
  cosine: (rows, a, b, size) =>
    -product(rows, a, b, size) / (Math.sqrt(product(rows, a, a, size) * product(rows, b, b, size)) || 1),
  dot: (rows, a, b, size) => -product(rows, a, b, size),
} satisfies Record<Similarity, Farness>;
