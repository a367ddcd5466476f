/** What can be said of triplets before anything is trained on them. */
export interface TripletStatistics {
  readonly triplets: number;
  /** Items that are in a triplet, and in how many of them an item is: least, mean, most. */
  readonly items: number;
  readonly fewest: number;
  readonly mean: number;
  readonly most: number;
  /** Different questions asked: "is a more like b or c?", or of three things which is the odd one. */
  readonly questions: number;
  /** Questions that there are about these items. */
  readonly possible: number;
  /** Triplets whose very row came before. */
  readonly repeated: number;
  /** Questions that were answered in more than one way. */
  readonly contradicted: number;
  /** FCT of whoever gives to each question the answer most often given: more is impossible on these triplets. */
  readonly ceiling: number;
}

/**
 * Counts of triplets: how often items occur, which questions were asked, and how far their answers agree.
 *
 * @param triplets `[3m] int32`: anchor, near, far; undirected the odd one last
 */
export function tripletStatistics(triplets: Int32Array, directed: boolean): TripletStatistics {
  const occurrences = new Map<number, number>();
  for (const item of triplets) occurrences.set(item, (occurrences.get(item) ?? 0) + 1);
  const base = triplets.reduce((greatest, item) => Math.max(greatest, item), 0) + 1;
  /** For each question, how often each answer was given. */
  const answers = new Map<number, Map<number, number>>();
  for (let i = 0; i < triplets.length; i += 3) {
    const [first, second, third] = triplets.subarray(i, i + 3);
    // Whose answers differ by the near one of two, or by the odd one of three.
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
    ceiling: counts.reduce((sum, given) => sum + Math.max(...given), 0) / m,
  };
}

/** The statistics in words, as rows of a table. */
export function describeStatistics(statistics: TripletStatistics): { of: string; count: number }[] {
  const words: Record<keyof TripletStatistics, string> = {
    items: 'pictures in a triplet',
    triplets: 'triplets',
    fewest: 'triplets of a picture, fewest',
    mean: 'triplets of a picture, mean',
    most: 'triplets of a picture, most',
    repeated: 'rows that repeat an earlier one',
    questions: 'different questions',
    possible: 'questions that there are about these pictures',
    contradicted: 'questions with contradictory answers',
    ceiling: 'highest fraction of correct triplets that is possible',
  };
  return (Object.keys(words) as (keyof TripletStatistics)[]).map((key) => ({ of: words[key], count: statistics[key] }));
}
