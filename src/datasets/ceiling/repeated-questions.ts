import { UsageError } from '../../errors.js';

/** A question that was answered more than once. */
export interface RepeatedQuestion {
  /** How often each answer was given: of two (which is nearer), or undirected of three (which is the odd one). */
  readonly counts: readonly number[];
  /** The answer of each triplet of the question, as an index of `counts`, and the triplet's position. */
  readonly answers: readonly { readonly triplet: number; readonly answer: number }[];
}

/**
 * Collects the questions with two answers or more.
 *
 * A question is an anchor and two others in any order or, undirected, three items in any order. Where persons are
 * given, only a person's first answer to a question counts: the same person's second answer tells nothing about other
 * people.
 *
 * @param triplets `[3m] int32`: anchor, positive, negative; undirected the odd one last
 * @param persons who gave each answer, `[m]`
 * @throws UsageError where there is not a person for each triplet
 */
export function repeatedQuestions(
  triplets: Int32Array,
  directed: boolean,
  persons?: ArrayLike<number | string>,
): RepeatedQuestion[] {
  const m = triplets.length / 3;
  if (persons !== undefined && persons.length !== m)
    throw new UsageError(`invalid persons: ${persons.length} for ${m} triplets; give one for each`);
  const questions = new Map<string, number[]>();
  for (const t of askedAgain(triplets, directed)) {
    const key = questionOf(triplets, t, directed).join();
    const asked = questions.get(key);
    if (asked === undefined) questions.set(key, [t]);
    else if (persons === undefined || asked.every((other) => persons[other] !== persons[t])) asked.push(t);
  }
  return [...questions.values()]
    .filter((asked) => asked.length > 1)
    .map((asked) => {
      const question = questionOf(triplets, asked[0], directed);
      const choices = directed ? question.slice(1) : question;
      const counts = choices.map(() => 0);
      const answers = asked.map((triplet) => {
        const answer = choices.indexOf(triplets[3 * triplet + (directed ? 1 : 2)]);
        counts[answer]++;
        return { triplet, answer };
      });
      return { counts, answers };
    });
}

/**
 * Finds the triplets whose question occurs more than once, quickly, by one number for each question. With millions of
 * items the numbers are not exact, so that a few other triplets may be included.
 */
function askedAgain(triplets: Int32Array, directed: boolean): number[] {
  const base = triplets.reduce((greatest, item) => Math.max(greatest, item), 0) + 1;
  const keys = new Float64Array(triplets.length / 3);
  const once = new Map<number, boolean>();
  for (let t = 0; t < keys.length; t++) {
    const [x, y, z] = [triplets[3 * t], triplets[3 * t + 1], triplets[3 * t + 2]];
    const [low, high] = [Math.min(y, z), Math.max(y, z)];
    const key = directed
      ? (x * base + low) * base + high
      : (Math.min(x, low) * base + Math.max(low, Math.min(x, high))) * base + Math.max(x, high);
    keys[t] = key;
    once.set(key, !once.has(key));
  }
  return Array.from(keys.keys()).filter((t) => !once.get(keys[t]));
}

/** Returns the items of a triplet in the same order for all answers to its question. */
function questionOf(triplets: Int32Array, t: number, directed: boolean): number[] {
  const items = Array.from(triplets.subarray(3 * t, 3 * t + 3));
  return directed ? [items[0], ...items.slice(1).sort((x, y) => x - y)] : items.sort((x, y) => x - y);
}
