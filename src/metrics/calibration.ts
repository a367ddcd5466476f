import { UsageError } from '../errors.js';

/** Predictions whose confidence is in one range, and how often they are right. */
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

/** Less is taken for so much, so that one answer held impossible does not make the loss infinite. */
const LEAST_PROBABILITY = 1e-12;

/**
 * The Brier score is the mean over rows of sum_i (p_i - o_i)^2, o the answer that was given: 0 at best, 2 at worst.
 *
 * Source: Brier 1950, "Verification of forecasts expressed in terms of probability".
 *
 * @param probabilities `[m, choices]`: of each answer, the one that was given first
 * @returns NaN without rows
 * @throws UsageError where a row is no distribution
 */
export function brierScore(probabilities: ArrayLike<number>, choices: number): number {
  return meanOf(probabilities, choices, (p) => p.reduce((sum, one, i) => sum + (one - Number(i === 0)) ** 2, 0));
}

/**
 * The log loss is the mean over rows of -log p_0, the natural logarithm of the probability of the answer that was given;
 * probabilities below 1e-12 count as that.
 *
 * @param probabilities as of {@link brierScore}
 */
export function logLoss(probabilities: ArrayLike<number>, choices: number): number {
  return meanOf(probabilities, choices, ([given]) => -Math.log(Math.max(given, LEAST_PROBABILITY)));
}

/**
 * The expected calibration error is sum_b |B_b| / m |accuracy(B_b) - confidence(B_b)| over bins of equal width in
 * confidence: 0 where of all predictions made with confidence p the share p is right.
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
 * Sorts predictions into bins of equal width by their confidence, the probability of the likeliest answer; a prediction
 * is right where no other answer is as likely as the given one.
 *
 * @param probabilities as of {@link brierScore}
 * @throws UsageError where a row is no distribution, or bins is no positive integer
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
