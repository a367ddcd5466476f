import type { RandomStream } from '../../random/stream.js';

/** Items as points of a space, from which answers are drawn. */
export interface FactorSpace {
  /** `[items, k] float32`, 0 to 1. */
  readonly factors: Float32Array;
  readonly k: number;
}

/** The model by which answers are wrong. */
export interface NoiseModel {
  readonly directed: boolean;
  /** In units of distance in factor space. At 0 no answer is wrong; the larger it is, the more are. */
  readonly temperature: number;
}

/** Returns the Euclidean distance of two items in factor space. */
export function factorDistance({ factors, k }: FactorSpace, i: number, j: number): number {
  let sum = 0;
  for (let f = 0; f < k; f++) sum += (factors[i * k + f] - factors[j * k + f]) ** 2;
  return Math.sqrt(sum);
}

/**
 * Returns the probability of each answer about three items, d their distances in factor space and T the temperature.
 *
 * Directed ("is a more like b or c?"): P(b) = sigmoid((d_ac - d_ab) / T), as `[P(b), P(c)]`.
 * Undirected ("which is the odd one out?"): softmax(-d / T) over the pairs, as `[P(ab), P(ac), P(bc)]`, where c, b and
 * a are the odd one.
 *
 * Source: Luce's choice rule, as in the `ste` loss (van der Maaten and Weinberger 2012).
 */
export function answerProbabilities(
  space: FactorSpace,
  { directed, temperature }: NoiseModel,
  a: number,
  b: number,
  c: number,
): number[] {
  const distances = [factorDistance(space, a, b), factorDistance(space, a, c)];
  if (!directed) distances.push(factorDistance(space, b, c));
  const least = Math.min(...distances);
  const weights = distances.map((distance) => Math.exp((least - distance) / temperature));
  const sum = weights.reduce((total, weight) => total + weight, 0);
  return weights.map((weight) => weight / sum);
}

/**
 * Draws questions about different items, uniformly, and answers to each by the noise model, one after the other:
 * `[3m] int32`.
 *
 * Directed: anchor, positive (the answer), negative. Undirected: the odd one last.
 *
 * @param count m, all answers together; the last question may get fewer
 * @param perQuestion answers to a question, independent of each other
 */
export function drawTriplets(
  space: FactorSpace,
  noise: NoiseModel,
  count: number,
  stream: RandomStream,
  perQuestion = 1,
): Int32Array {
  const items = space.factors.length / space.k;
  const triplets = new Int32Array(3 * count);
  for (let t = 0; t < count; t += perQuestion) {
    const a = stream.integer(items);
    const b = otherThan(stream.integer(items - 1), a, a);
    const c = otherThan(stream.integer(items - 2), Math.min(a, b), Math.max(a, b));
    const [ab, ac] = answerProbabilities(space, noise, a, b, c);
    for (let i = t; i < Math.min(t + perQuestion, count); i++) {
      const draw = stream.uniform();
      triplets.set(draw < ab ? [a, b, c] : draw < ab + ac || noise.directed ? [a, c, b] : [b, c, a], 3 * i);
    }
  }
  return triplets;
}

/** Moves a draw past the one or two items (in order) that are taken. */
function otherThan(draw: number, first: number, second: number): number {
  const past = draw >= first ? draw + 1 : draw;
  return second !== first && past >= second ? past + 1 : past;
}

/**
 * Computes the best FCT that anything can expect on triplets drawn in this way: the mean probability of each question's
 * likeliest answer (Bayes).
 *
 * @param triplets `[3m]`
 * @returns NaN without triplets
 */
export function bayesCeiling(space: FactorSpace, noise: NoiseModel, triplets: Int32Array): number {
  let sum = 0;
  for (let t = 0; t < triplets.length; t += 3)
    sum += Math.max(...answerProbabilities(space, noise, triplets[t], triplets[t + 1], triplets[t + 2]));
  return sum / (triplets.length / 3);
}

/** Returns the share of triplets whose answer is the likeliest one by the factors: the FCT of the true factors. */
export function factorsFct(space: FactorSpace, noise: NoiseModel, triplets: Int32Array): number {
  let correct = 0;
  for (let t = 0; t < triplets.length; t += 3) {
    const [given, ...others] = answerProbabilities(space, noise, triplets[t], triplets[t + 1], triplets[t + 2]);
    if (others.every((other) => given > other)) correct++;
  }
  return correct / (triplets.length / 3);
}
