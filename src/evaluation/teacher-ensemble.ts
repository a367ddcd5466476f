import { fractionCorrectOfTriplets } from '../metrics/index.js';
import { squaredDistance } from '../metrics/squared-distance.js';
import type { ItemEmbeddings } from './load-model.js';
import { refuseBroken, teacherAgreement } from './teacher-agreement.js';

/** The answers of several teachers together. */
export interface TeacherEnsemble {
  /** FCT by the mean of the teachers' distances, which is what students learn from. */
  readonly fct: number;
  /** FCT of each teacher alone, over the same triplets. */
  readonly each: readonly number[];
  /** Mean over pairs of teachers of the share of triplets to which they give the same answer; null for one teacher. */
  readonly agreement: number | null;
  /** The number of triplets. */
  readonly count: number;
}

const distance = ({ data, size }: ItemEmbeddings, i: number, j: number): number =>
  Math.sqrt(squaredDistance(data, i * size, j * size, size));

/**
 * Asks teachers together: with Dbar the mean over teachers of the distance d, a triplet is right where Dbar01 < Dbar02
 * and, undirected, Dbar01 < Dbar12.
 *
 * @param triplets `[3m] int32` items
 * @throws UsageError where an embedding that is used is not finite
 */
export function teacherEnsemble(
  embeddings: readonly ItemEmbeddings[],
  triplets: Int32Array,
  directed: boolean,
): TeacherEnsemble {
  refuseBroken(embeddings, triplets);
  const count = triplets.length / 3;
  const sum = (i: number, j: number): number => embeddings.reduce((total, one) => total + distance(one, i, j), 0);
  let right = 0;
  for (let t = 0; t < triplets.length; t += 3) {
    const [a, b, c] = triplets.subarray(t, t + 3);
    const near = sum(a, b);
    right += Number(near < sum(a, c) && (directed || near < sum(b, c)));
  }
  const n = embeddings.length;
  const all = n > 1 ? teacherAgreement(embeddings, triplets, directed).reduce((total, one) => total + one, 0) : 0;
  const each = embeddings.map(({ data, size }) => fractionCorrectOfTriplets(data, size, triplets, directed));
  return { fct: right / count, each, agreement: n > 1 ? (all - n) / (n * (n - 1)) : null, count };
}
