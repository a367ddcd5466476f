import { requireFinite } from './finite-rows.js';
import { farness, type Farness, type Similarity } from './similarity.js';
import { squaredDistance } from './squared-distance.js';

/**
 * Computes FCT, the fraction of correct triplets. A directed triplet is correct if d01 < d02, an undirected one if
 * d01 < d02 and d01 < d12 (strict).
 *
 * @param embeddings `[3 b, d] float32`, a triplet's items in consecutive rows: the odd one last, or anchor, positive,
 *   negative
 * @param size d
 * @returns the fraction in [0, 1]; NaN without triplets
 * @throws UsageError where a number is infinite or NaN
 */
export function fractionCorrectTriplets(embeddings: Float32Array, size: number, directed: boolean): number {
  requireFinite(embeddings, size);
  const count = embeddings.length / (3 * size);
  let correct = 0;
  for (let t = 0; t < count; t++) {
    const a = 3 * t * size;
    correct += Number(isCorrect(embeddings, a, a + size, a + 2 * size, size, directed));
  }
  return correct / count;
}

/**
 * Computes FCT of triplets that index rows of embeddings.
 *
 * @param embeddings `[n, d] float32`
 * @param triplets `[m, 3] int32` rows
 * @param similarity the measure by which rows are compared (default `euclidean`)
 * @throws UsageError where one of these rows has an infinite or NaN number
 */
export function fractionCorrectOfTriplets(
  embeddings: Float32Array,
  size: number,
  triplets: Int32Array,
  directed: boolean,
  similarity: Similarity = 'euclidean',
): number {
  const correct = correctTriplets(embeddings, size, triplets, directed, similarity);
  return correct.reduce((sum, value) => sum + value, 0) / correct.length;
}

/**
 * Tells which triplets that index rows of embeddings are correct: `[m]`, 1 or 0.
 *
 * @throws UsageError where one of these rows has an infinite or NaN number
 */
export function correctTriplets(
  embeddings: Float32Array,
  size: number,
  triplets: Int32Array,
  directed: boolean,
  similarity: Similarity = 'euclidean',
): Uint8Array {
  requireFinite(embeddings, size, { used: triplets });
  const correct = new Uint8Array(triplets.length / 3);
  for (let t = 0; t < correct.length; t++) {
    const [a, b, c] = [triplets[3 * t] * size, triplets[3 * t + 1] * size, triplets[3 * t + 2] * size];
    correct[t] = Number(isCorrect(embeddings, a, b, c, size, directed, farness[similarity]));
  }
  return correct;
}

function isCorrect(
  e: Float32Array,
  a: number,
  b: number,
  c: number,
  size: number,
  directed: boolean,
  far: Farness = squaredDistance,
): boolean {
  const near = far(e, a, b, size);
  return near < far(e, a, c, size) && (directed || near < far(e, b, c, size));
}
