import { tripletCeiling, type CeilingOptions, type Estimate, type TripletCeiling } from '../ceiling/ceiling.js';

/** Statistics of triplets, before any training. */
export interface TripletStatistics {
  readonly triplets: number;
  /** The number of items in triplets, and the triplets per item: least, mean, most. */
  readonly items: number;
  readonly fewest: number;
  readonly mean: number;
  readonly most: number;
  /** The number of different questions: "is a more like b or c?", or of three items which is the odd one. */
  readonly questions: number;
  /** The number of possible questions about these items. */
  readonly possible: number;
  /** The number of triplets that are equal to an earlier one. */
  readonly repeated: number;
  /** The number of questions that were answered in more than one way. */
  readonly contradicted: number;
  /** The best FCT that an embedding can expect, estimated from the questions with two answers or more. */
  readonly ceiling: TripletCeiling;
}

/**
 * Computes statistics of triplets: how often items occur, which questions were asked, and how far their answers agree.
 *
 * @param triplets `[3m] int32`: anchor, positive, negative; undirected the odd one last
 * @param options of {@link tripletCeiling}
 */
export function tripletStatistics(
  triplets: Int32Array,
  directed: boolean,
  options: CeilingOptions = {},
): TripletStatistics {
  const occurrences = new Map<number, number>();
  for (const item of triplets) occurrences.set(item, (occurrences.get(item) ?? 0) + 1);
  const base = triplets.reduce((greatest, item) => Math.max(greatest, item), 0) + 1;
  /** How often each answer was given, for each question. */
  const answers = new Map<number, Map<number, number>>();
  for (let i = 0; i < triplets.length; i += 3) {
    const [first, second, third] = triplets.subarray(i, i + 3);
    // Answers to a question differ in the positive of two items, or in the odd one of three.
    const [a, b, c] = directed
      ? [first, Math.min(second, third), Math.max(second, third)]
      : [first, second, third].sort((x, y) => x - y);
    const question = (a * base + b) * base + c;
    const answer = directed ? second : third;
    const given = answers.get(question) ?? new Map<number, number>();
    given.set(answer, (given.get(answer) ?? 0) + 1);
    answers.set(question, given);
  }
  const counts = Array.from(answers.values(), (given) => Array.from(given.values()));
  const n = occurrences.size;
  const m = triplets.length / 3;
  const uses = Array.from(occurrences.values());
  return {
    triplets: m,
    items: n,
    fewest: uses.reduce((least, count) => Math.min(least, count), Infinity),
    mean: triplets.length / n,
    most: uses.reduce((greatest, count) => Math.max(greatest, count), 0),
    questions: answers.size,
    possible: directed ? (n * (n - 1) * (n - 2)) / 2 : (n * (n - 1) * (n - 2)) / 6,
    repeated: m - counts.reduce((sum, given) => sum + given.length, 0),
    contradicted: counts.filter((given) => given.length > 1).length,
    ceiling: tripletCeiling(triplets, directed, options),
  };
}

/** Describes an estimate in words, with its 95 % interval. */
export function describeEstimate(estimate: Estimate | null): string {
  if (estimate === null) return 'not estimable';
  const [value, low, high] = [estimate.value, estimate.low, estimate.high].map((share) => share.toFixed(3));
  return `${value} (${low} to ${high})`;
}

/** Describes the statistics in words, as rows of a table. */
export function describeStatistics({
  ceiling,
  ...counts
}: TripletStatistics): { of: string; count: number | string }[] {
  const words: Record<keyof typeof counts, string> = {
    items: 'pictures in a triplet',
    triplets: 'triplets',
    fewest: 'triplets of a picture, fewest',
    mean: 'triplets of a picture, mean',
    most: 'triplets of a picture, most',
    repeated: 'rows that repeat an earlier one',
    questions: 'different questions',
    possible: 'questions that there are about these pictures',
    contradicted: 'questions with contradictory answers',
  };
  return [
    ...(Object.keys(words) as (keyof typeof counts)[]).map((key) => ({ of: words[key], count: counts[key] })),
    { of: 'questions with two answers or more', count: ceiling.questions },
    { of: 'answers that the majority of the others gives', count: describeEstimate(ceiling.others) },
    { of: 'ceiling: the best FCT that an embedding can expect', count: describeEstimate(ceiling.ceiling) },
  ];
}
