import { RandomStream } from '../../random/stream.js';
import { bootstrapWeights, percentileInterval, type Interval } from '../../statistics/bootstrap.js';
import { fitPatterns, meanLikeliest, type PatternFit } from './answer-model.js';
import { repeatedQuestions, type RepeatedQuestion } from './repeated-questions.js';

/** Of fewer repeated questions nothing is estimated: intervals would cover too rarely. */
export const LEAST_QUESTIONS = 50;
const RESAMPLES = 2000;

/** A share, with its interval of 95 %. */
export interface Estimate extends Interval {
  readonly value: number;
}

/** How well one person's answers follow from those of the others. */
export interface PersonAgreement {
  readonly person: number | string;
  /** Answers of the person to questions that others answered too. */
  readonly answers: number;
  /** The share of these that the majority of the others gives. */
  readonly others: number;
}

/** How well answers can be predicted, from questions that were answered more than once. */
export interface TripletCeiling {
  /** Questions with two answers or more, and their answers. */
  readonly questions: number;
  readonly answers: number;
  /** The share of answers that the majority of the other answers to the question gives; null: not estimable. */
  readonly others: Estimate | null;
  /** The mean probability of the likeliest answer: the best FCT that an embedding can expect; null: not estimable. */
  readonly ceiling: Estimate | null;
  /** Where persons are known, in the order of their first answer that counts. */
  readonly persons: readonly PersonAgreement[];
}

export interface CeilingOptions {
  /** Who gave each answer, `[m]`: then the first answer of a person to a question counts, and one person is left out. */
  persons?: ArrayLike<number | string>;
  /** Of the bootstrap. */
  seed?: number;
}

/**
 * The ceiling of triplets: the best FCT that a fixed embedding, which gives a question one answer, can expect.
 *
 * Only questions with two answers or more tell. `others` leaves out one answer after another and asks the majority of the
 * rest (of t answers that are equally frequent each counts 1 / t): in expectation it is at most the ceiling, since few
 * people name the likeliest answer at times wrongly. The share of each question's most frequent answer is in expectation
 * at least the ceiling, since a majority of few is in part chance. `ceiling` is between the two, by parametric empirical
 * Bayes: with q a question, k_q its answers and c_q their counts,
 *
 *   ceiling = sum_q k_q E[max p | c_q] / sum_q k_q,
 *
 * under the prior of `fitPatterns`, whose one spread has maximum likelihood. With many answers a question it is the truth
 * whatever the prior; with few the prior's form can bias it a little: on the synthetic set with 5 answers each by at most
 * .005, which shows beside the interval only where thousands of questions repeat. Intervals are the 2.5 % and 97.5 %
 * quantiles of 2,000 Bayesian bootstraps over questions, each with a spread of its own.
 *
 * Sources: Efron and Morris 1973 (empirical Bayes), Luce 1959 (choice rule), Rubin 1981 (bootstrap); "noise ceilings" of
 * this kind in Hebart et al. 2020.
 *
 * @param triplets `[3m] int32`: anchor, near, far; undirected the odd one last
 * @throws UsageError where there is not a person for each triplet
 */
export function tripletCeiling(triplets: Int32Array, directed: boolean, options: CeilingOptions = {}): TripletCeiling {
  const { persons, seed = 0 } = options;
  const repeated = repeatedQuestions(triplets, directed, persons);
  const answers = repeated.reduce((sum, question) => sum + question.answers.length, 0);
  const estimates = repeated.length < LEAST_QUESTIONS ? null : estimate(repeated, directed, seed);
  return {
    questions: repeated.length,
    answers,
    others: estimates?.others ?? null,
    ceiling: estimates?.ceiling ?? null,
    persons: persons === undefined ? [] : byPerson(repeated, persons),
  };
}

/** The chance that the majority of the others gives an answer that was given so often, itself left out. */
export function majorityShare(counts: readonly number[], answer: number): number {
  const others = counts.map((count, i) => count - Number(i === answer));
  const most = Math.max(...others);
  return others[answer] < most ? 0 : 1 / others.filter((count) => count === most).length;
}

/** Questions whose answers were given equally often: all that the estimates depend on. */
interface Pattern {
  readonly counts: readonly number[];
  questions: number;
}

function estimate(
  repeated: readonly RepeatedQuestion[],
  directed: boolean,
  seed: number,
): { others: Estimate; ceiling: Estimate } {
  const patterns = new Map<string, Pattern>();
  for (const question of repeated) {
    const counts = [...question.counts].sort((x, y) => y - x);
    const pattern = patterns.get(counts.join()) ?? { counts, questions: 0 };
    pattern.questions++;
    patterns.set(counts.join(), pattern);
  }
  const list = [...patterns.values()];
  const sizes = list.map(({ questions }) => questions);
  const answers = list.map(({ counts }) => counts.reduce((sum, count) => sum + count, 0));
  const right = list.map(({ counts }) => counts.reduce((sum, count, i) => sum + count * majorityShare(counts, i), 0));
  const fits: PatternFit[] = fitPatterns(
    list.map(({ counts }) => counts),
    directed,
  );
  const sum = (weights: ArrayLike<number>, values: readonly number[]): number =>
    values.reduce((total, value, p) => total + weights[p] * value, 0);
  const others = (weights: ArrayLike<number>): number => sum(weights, right) / sum(weights, answers);
  const ceiling = (weights: ArrayLike<number>): number => meanLikeliest(fits, weights, answers);
  const stream = new RandomStream(seed, 'ceiling', 'bootstrap');
  const samples = Array.from({ length: RESAMPLES }, () => bootstrapWeights(sizes, stream));
  const estimated = (statistic: (weights: ArrayLike<number>) => number): Estimate => ({
    value: statistic(sizes),
    ...percentileInterval(Float64Array.from(samples, statistic).sort()),
  });
  return { others: estimated(others), ceiling: estimated(ceiling) };
}

function byPerson(repeated: readonly RepeatedQuestion[], persons: ArrayLike<number | string>): PersonAgreement[] {
  const found = new Map<number | string, { answers: number; right: number }>();
  for (const { counts, answers } of repeated)
    for (const { triplet, answer } of answers) {
      const of = found.get(persons[triplet]) ?? { answers: 0, right: 0 };
      of.answers++;
      of.right += majorityShare(counts, answer);
      found.set(persons[triplet], of);
    }
  return [...found].map(([person, { answers, right }]) => ({ person, answers, others: right / answers }));
}
