import { UsageError } from '../errors.js';

/** Describes the predictions whose confidence is in one range, and how often they are right. */
export interface ReliabilityBin {
  /** Confidence is above `low` and at most `high`. */
  readonly low: number;
  readonly high: number;
  readonly count: number;
  /** Mean confidence; NaN in an empty bin. */
  readonly confidence: number;
  /** Share that is right; NaN in an empty bin. */
  readonly accuracy: number;
}

/** Smaller probabilities count as this one: an answer of probability 0 would make the loss infinite. */
const LEAST_PROBABILITY = 1e-12;

/**
 * Computes the Brier score, the mean over rows of sum_i (p_i - o_i)^2, where o is 1 for the answer that was given and 0
 * for the others: 0 at best, 2 at worst.
 *
 * Source: Brier 1950, "Verification of forecasts expressed in terms of probability".
 *
 * @param probabilities `[m, choices]`, of all answers; the first is that of the answer that was given
 * @returns NaN without rows
 * @throws UsageError where a row is not a distribution
 */
export function brierScore(probabilities: ArrayLike<number>, choices: number): number {
  return meanOf(probabilities, choices, (p) => p.reduce((sum, one, i) => sum + (one - Number(i === 0)) ** 2, 0));
}

/**
 * Computes the log loss, the mean over rows of -log p_0, where p_0 is the probability of the answer that was given and
 * log the natural logarithm. Probabilities below 1e-12 count as 1e-12.
 *
 * @param probabilities as of {@link brierScore}
 */
export function logLoss(probabilities: ArrayLike<number>, choices: number): number {
  return meanOf(probabilities, choices, ([given]) => -Math.log(Math.max(given, LEAST_PROBABILITY)));
}

/**
 * Computes the expected calibration error: sum_b |B_b| / m |accuracy(B_b) - confidence(B_b)| over bins B_b of equal
 * width in confidence. It is 0 if, of the predictions made with confidence p, the share p is right.
 *
 * Source: Guo et al. 2017, "On calibration of modern neural networks", with 15 bins.
 *
 * @param probabilities as of {@link brierScore}
 */
export function expectedCalibrationError(probabilities: ArrayLike<number>, choices: number, bins = 15): number {
  const filled = reliabilityBins(probabilities, choices, bins).filter(({ count }) => count > 0);
  const total = filled.reduce((sum, { count }) => sum + count, 0);
  return filled.reduce((sum, bin) => sum + bin.count * Math.abs(bin.accuracy - bin.confidence), 0) / total;
}

/**
 * Sorts predictions into bins of equal width by their confidence, the probability of the likeliest answer. A prediction
 * is right if every other answer is less likely than the given one.
 *
 * @param probabilities as of {@link brierScore}
 * @throws UsageError where a row is not a distribution, or bins is not a positive integer
 */
export function reliabilityBins(probabilities: ArrayLike<number>, choices: number, bins = 15): ReliabilityBin[] {
  if (!(Number.isInteger(bins) && bins > 0))
    throw new UsageError(`invalid bins: ${bins}; give a positive integer, such as 15`);
  const sums = Array.from({ length: bins }, () => ({ count: 0, confidence: 0, right: 0 }));
  forEachRow(probabilities, choices, (p) => {
    const confidence = Math.max(...p);
    const bin = sums[Math.min(bins - 1, Math.max(0, Math.ceil(confidence * bins) - 1))];
    bin.count++;
    bin.confidence += confidence;
    bin.right += Number(p.every((other, i) => i === 0 || p[0] > other));
  });
  return sums.map(({ count, confidence, right }, b) => ({
    low: b / bins,
    high: (b + 1) / bins,
    count,
    confidence: confidence / count,
    accuracy: right / count,
  }));
}

function meanOf(probabilities: ArrayLike<number>, choices: number, value: (row: readonly number[]) => number): number {
  let sum = 0;
  forEachRow(probabilities, choices, (row) => (sum += value(row)));
  return sum / (probabilities.length / choices);
}

function forEachRow(
  probabilities: ArrayLike<number>,
  choices: number,
  visit: (row: readonly number[]) => unknown,
): void {
  if (!(Number.isInteger(choices) && choices >= 2 && probabilities.length % choices === 0))
    throw new UsageError(`invalid choices: ${choices} for ${probabilities.length} probabilities; give 2 or more a row`);
  for (let at = 0; at < probabilities.length; at += choices) {
    const row = Array.from({ length: choices }, (_, i) => probabilities[at + i]);
    const sum = row.reduce((total, p) => total + p, 0);
    if (!(row.every((p) => p >= 0) && Math.abs(sum - 1) < 1e-6))
      throw new UsageError(
        `invalid probabilities: ${row.join(', ')} in row ${at / choices}; give numbers from 0 on whose sum is 1`,
      );
    visit(row);
  }
}
