import { UsageError } from '../errors.js';
import { logLoss } from '../metrics/index.js';
import { squaredDistance } from '../metrics/squared-distance.js';
import type { ItemEmbeddings } from './load-model.js';
import { refuseBroken } from './teacher-agreement.js';

export interface AnswerOptions {
  /** The scores: minus the Euclidean distances, or the dot products. */
  by?: 'distance' | 'similarity';
}

export interface ProbabilityOptions extends AnswerOptions {
  /** The temperature of the softmax, in the unit of distances or similarities (default 1). */
  temperature?: number;
}

/** The temperature that fits answers best. */
export interface Calibration {
  readonly temperature: number;
  /** Log loss at this temperature, on the triplets that it was fitted to. */
  readonly logLoss: number;
  readonly triplets: number;
}

const defaults = { by: 'distance', temperature: 1 } as const;
/** The range of temperatures: below it every answer is certain, above it all answers are equally likely. */
const [COLDEST, HOTTEST] = [1e-4, 1e4];
/** The precision of the logarithm of the temperature. */
const PRECISION = 1e-6;

/**
 * Computes the probabilities that teachers give to the answers of triplets: softmax(x / temperature), where x is minus
 * the distance or the similarity, as a mean over teachers, of the pairs 01, 02 and, undirected, 12.
 *
 * The first is the probability of the answer that was given. With mean distances the likeliest answer is that of
 * `teacherEnsemble`.
 *
 * @param embeddings one teacher or several, of the same items
 * @param triplets `[3m] int32` items
 * @returns `[m, 2]` directed, `[m, 3]` undirected
 * @throws UsageError without a teacher, for a temperature that is not above 0, or where an embedding that is used is
 *   not finite
 */
export function answerProbabilities(
  embeddings: readonly ItemEmbeddings[],
  triplets: Int32Array,
  directed: boolean,
  options: ProbabilityOptions = {},
): Float64Array {
  const { temperature, by } = { ...defaults, ...options };
  if (!(temperature > 0)) throw new UsageError(`invalid temperature: ${temperature}; give a number above 0`);
  return softmaxRows(pairScores(embeddings, triplets, directed, by), directed ? 2 : 3, temperature);
}

/**
 * Fits the temperature of `answerProbabilities` to the answers of triplets by minimizing the log loss.
 *
 * The log loss is convex in 1 / temperature, so that a golden-section search over the logarithm of temperatures from
 * 1e-4 to 1e4 finds the minimum. If all answers are right, or most are wrong, the search ends at one of the bounds.
 *
 * Source: temperature scaling, Guo et al. 2017.
 *
 * @param triplets `[3m] int32` that the teachers were not trained on, such as those of the validation subset
 * @throws UsageError as `answerProbabilities`, and without triplets
 */
export function calibrate(
  embeddings: readonly ItemEmbeddings[],
  triplets: Int32Array,
  directed: boolean,
  options: AnswerOptions = {},
): Calibration {
  const { by } = { ...defaults, ...options };
  if (triplets.length === 0) throw new UsageError('missing triplets; give some to fit the temperature on');
  const choices = directed ? 2 : 3;
  const scores = pairScores(embeddings, triplets, directed, by);
  const loss = (log: number): number => logLoss(softmaxRows(scores, choices, Math.exp(log)), choices);
  const temperature = Math.exp(goldenSection(loss, Math.log(COLDEST), Math.log(HOTTEST)));
  return { temperature, logLoss: loss(Math.log(temperature)), triplets: triplets.length / 3 };
}

/** Returns minus the distance, or the similarity, of each triplet's pairs, as means over teachers: `[m, 2 or 3]`. */
function pairScores(
  embeddings: readonly ItemEmbeddings[],
  triplets: Int32Array,
  directed: boolean,
  by: 'distance' | 'similarity',
): Float64Array {
  if (embeddings.length === 0) throw new UsageError('missing teachers; give at least one');
  refuseBroken(embeddings, triplets);
  const score = by === 'distance' ? minusDistance : dot;
  const choices = directed ? 2 : 3;
  const scores = new Float64Array((triplets.length / 3) * choices);
  for (let t = 0; t < triplets.length / 3; t++) {
    const [a, b, c] = triplets.subarray(3 * t, 3 * t + 3);
    [
      [a, b],
      [a, c],
      [b, c],
    ]
      .slice(0, choices)
      .forEach(([i, j], k) => {
        scores[t * choices + k] = embeddings.reduce((sum, one) => sum + score(one, i, j), 0) / embeddings.length;
      });
  }
  return scores;
}

const minusDistance = ({ data, size }: ItemEmbeddings, i: number, j: number): number =>
  -Math.sqrt(squaredDistance(data, i * size, j * size, size));

function dot({ data, size }: ItemEmbeddings, i: number, j: number): number {
  let sum = 0;
  for (let k = 0; k < size; k++) sum += data[i * size + k] * data[j * size + k];
  return sum;
}

function softmaxRows(scores: Float64Array, choices: number, temperature: number): Float64Array {
  const probabilities = new Float64Array(scores.length);
  for (let at = 0; at < scores.length; at += choices) {
    const row = scores.subarray(at, at + choices);
    const top = Math.max(...row);
    const weights = Array.from(row, (score) => Math.exp((score - top) / temperature));
    const sum = weights.reduce((total, weight) => total + weight, 0);
    probabilities.set(
      weights.map((weight) => weight / sum),
      at,
    );
  }
  return probabilities;
}

/** Finds the minimum of a function with a single one between two bounds. */
function goldenSection(f: (x: number) => number, low: number, high: number): number {
  const ratio = (Math.sqrt(5) - 1) / 2;
  let [x, y] = [high - ratio * (high - low), low + ratio * (high - low)];
  let [fx, fy] = [f(x), f(y)];
  while (high - low > PRECISION)
    if (fx <= fy) {
      [high, y, fy] = [y, x, fx];
      x = high - ratio * (high - low);
      fx = f(x);
    } else {
      [low, x, fx] = [x, y, fy];
      y = low + ratio * (high - low);
      fy = f(y);
    }
  return (low + high) / 2;
}
