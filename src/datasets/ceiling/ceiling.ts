import { RandomStream } from '../../random/stream.js';
import { bootstrapWeights, percentileInterval, type Interval } from '../../statistics/bootstrap.js';
import { fitPatterns, meanLikeliest, type PatternFit } from './answer-model.js';
import { repeatedQuestions, type RepeatedQuestion } from './repeated-questions.js';

/** With fewer repeated questions nothing is estimated: intervals would cover the true value too rarely. */
export const LEAST_QUESTIONS = 50;
const RESAMPLES = 2000;

/** A share, with its 95 % interval. */
export interface Estimate extends Interval {
  readonly value: number;
}

/** How well the others' answers predict those of one person. */
export interface PersonAgreement {
  readonly person: number | string;
  /** The number of the person's answers to questions that others answered too. */
  readonly answers: number;
  /** The share of these that agree with the majority of the others. */
  readonly others: number;
}

/** How well answers can be predicted, estimated from questions that were answered more than once. */
export interface TripletCeiling {
  /** The number of questions with two answers or more, and of their answers. */
  readonly questions: number;
  readonly answers: number;
  /** The share of answers that agree with the majority of the other answers to the question; null: not estimable. */
  readonly others: Estimate | null;
  /** The mean probability of the likeliest answer: the best FCT that an embedding can expect; null: not estimable. */
  readonly ceiling: Estimate | null;
  /** The agreement of each person, in the order of their first answer that counts; empty where persons are unknown. */
  readonly persons: readonly PersonAgreement[];
}

export interface CeilingOptions {
  /**
   * Who gave each answer, `[m]`. A person's first answer to a question counts, and one person at a time is left out.
   */
  persons?: ArrayLike<number | string>;
  /** The seed of the bootstrap. */
  seed?: number;
}

/**
 * Estimates the ceiling of triplets: the best FCT to expect of a fixed embedding, which gives a question one answer.
 *
 * Only questions with two answers or more give information. `others` leaves out one answer after another and asks the
 * majority of the rest (of t answers that are equally frequent each counts 1 / t). Its expectation is at most the
 * ceiling, since the majority of a few people is at times not the likeliest answer. The share of each question's most
 * frequent answer has an expectation of at least the ceiling, since the majority of a few is partly chance. `ceiling`
 * is between the two, by parametric empirical Bayes: with q a question, k_q its number of answers and c_q their counts,
 *
 *   ceiling = sum_q k_q E[max p | c_q] / sum_q k_q,
 *
 * under the prior of `fitPatterns`, whose one spread has maximum likelihood. With many answers to each question it is
 * right for any prior. With few, the form of the prior can bias it a little: on the synthetic set with 5 answers to
 * each question by at most .005, which only matters beside the interval with thousands of repeated questions. Intervals
 * are the 2.5 % and 97.5 % quantiles of 2,000 Bayesian bootstraps over questions, each with its own spread.
 *
 * Sources: Efron and Morris 1973 (empirical Bayes), Luce 1959 (choice rule), Rubin 1981 (bootstrap); "noise ceilings"
 * of this kind in Hebart et al. 2020.
 *
 * @param triplets `[3m] int32`: anchor, positive, negative; undirected the odd one last
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

/** Returns the probability that the majority of the others gives an answer that occurs this often, without itself. */
export function majorityShare(counts: readonly number[], answer: number): number {
  const others = counts.map((count, i) => count - Number(i === answer));
  const most = Math.max(...others);
  return others[answer] < most ? 0 : 1 / others.filter((count) => count === most).length;
}

/** Questions with the same counts of answers: the estimates depend on nothing else. */
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
