import { requireFinite } from '../metrics/index.js';
import { squaredDistance } from '../metrics/squared-distance.js';
import type { ItemEmbeddings } from './load-model.js';

/** Refuses teachers with numbers that are not finite in the rows that are used. */
export function refuseBroken(embeddings: readonly ItemEmbeddings[], used: ArrayLike<number>): void {
  embeddings.forEach(({ data, size }, i) => {
    requireFinite(data, size, { used, what: `embeddings of teacher ${i + 1} of ${embeddings.length}` });
  });
}

/** Returns an embedding's answer to a triplet: 0, 1 or 2 where the pair 01, 02 or 12 is the nearest. */
function answer({ data, size }: ItemEmbeddings, triplet: Int32Array, directed: boolean): number {
  const squared = (i: number, j: number): number => squaredDistance(data, triplet[i] * size, triplet[j] * size, size);
  const pairs = [squared(0, 1), squared(0, 2), ...(directed ? [] : [squared(1, 2)])];
  return pairs.indexOf(Math.min(...pairs));
}

/**
 * Computes the agreement of embeddings: the share of triplets that two of them answer alike, right or wrong.
 *
 * @param triplets `[m, 3] int32` item indexes
 * @returns `[n, n]` for n embeddings, 1 on the diagonal
 * @throws UsageError where an embedding that is used is not finite
 */
export function teacherAgreement(
  embeddings: readonly ItemEmbeddings[],
  triplets: Int32Array,
  directed: boolean,
): Float64Array {
  refuseBroken(embeddings, triplets);
  const count = triplets.length / 3;
  const answers = embeddings.map((embedding) =>
    Uint8Array.from({ length: count }, (_, t) => answer(embedding, triplets.subarray(3 * t, 3 * t + 3), directed)),
  );
  const n = embeddings.length;
  return Float64Array.from({ length: n * n }, (_, at) => {
    const [a, b] = [answers[Math.floor(at / n)], answers[at % n]];
    return a.reduce((same, value, t) => same + Number(value === b[t]), 0) / count;
  });
}
