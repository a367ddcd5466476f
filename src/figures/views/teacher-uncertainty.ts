import { answerProbabilities } from '../../evaluation/answer-probabilities.js';
import { embeddedItems, type NamedEmbeddings } from './named-embeddings.js';

/** Teachers whose answer probabilities show how doubtful a triplet is. */
export interface UncertaintySource {
  readonly teachers: readonly Omit<NamedEmbeddings, 'name'>[];
  /** The temperature of their probabilities, as `evaluation.calibrate` fits it. */
  readonly temperature: number;
}

/** The teachers' uncertainty about each triplet. */
export interface TeacherUncertainty {
  /** `[m, 2 or 3]`, the answer of the label first; NaN where a teacher lacks an item. */
  readonly probabilities: Float64Array;
  /** `[m]`: -sum p log2 p, in bits; -1 where a teacher lacks an item. */
  readonly entropy: Float64Array;
}

/**
 * Computes the uncertainty of teachers about triplets: the entropy of their answer probabilities.
 *
 * @throws UsageError as `evaluation.answerProbabilities`
 */
export function teacherUncertainty(
  { teachers, temperature }: UncertaintySource,
  triplets: Int32Array,
  directed: boolean,
): TeacherUncertainty {
  const choices = directed ? 2 : 3;
  const m = triplets.length / 3;
  const named = teachers.map((teacher) => ({ name: '', ...teacher }));
  const known = new Set(embeddedItems(named, new Set(triplets)));
  const asked = Array.from({ length: m }, (_, t) => t).filter((t) =>
    triplets.subarray(3 * t, 3 * t + 3).every((item) => known.has(item)),
  );
  const some = Int32Array.from(asked.flatMap((t) => [...triplets.subarray(3 * t, 3 * t + 3)]));
  const found = answerProbabilities(teachers, some, directed, { temperature });
  const probabilities = new Float64Array(m * choices).fill(NaN);
  const entropy = new Float64Array(m).fill(-1);
  asked.forEach((t, i) => {
    const row = found.subarray(i * choices, (i + 1) * choices);
    probabilities.set(row, t * choices);
    entropy[t] = row.reduce((sum, p) => (p > 0 ? sum - p * Math.log2(p) : sum), 0);
  });
  return { probabilities, entropy };
}

/** Returns the triplets of highest entropy, most doubtful first; of equal ones the first. */
export function mostUncertain({ entropy }: TeacherUncertainty, count: number): number[] {
  return Array.from(entropy.keys())
    .filter((t) => entropy[t] >= 0)
    .sort((a, b) => entropy[b] - entropy[a] || a - b)
    .slice(0, count);
}

/** Describes the teachers' joint answer to a triplet in words. */
export function uncertaintyLine({ probabilities, entropy }: TeacherUncertainty, t: number, directed: boolean): string {
  if (entropy[t] < 0) return 'doubt: not embedded';
  const choices = directed ? 2 : 3;
  const shares = Array.from(probabilities.subarray(t * choices, (t + 1) * choices), (p) => `${(100 * p).toFixed(0)} %`);
  const what = directed
    ? `near ${shares[0]}, far ${shares[1]}`
    : `this answer ${shares[0]}, others ${shares.slice(1).join(', ')}`;
  return `doubt ${entropy[t].toFixed(2)} bit: ${what}`;
}
