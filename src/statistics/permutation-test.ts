import { RandomStream } from '../random/stream.js';

/** The significance level: differences with at most this p-value are significant. */
export const LEVEL = 0.05;

/** Most differences for which all choices of signs are gone through. */
const MOST = 20;
/** Choices of signs that are drawn for more differences. */
const DRAWN = 99_999;

/**
 * Tests whether paired differences lie around 0, by the two-sided paired sign-flip permutation test: p is the share of
 * all 2^n choices of their signs whose sum is as far from 0 as the observed one (Fisher 1935; Good 2005, Permutation,
 * Parametric and Bootstrap Tests of Hypotheses). For more than 20 differences, 99,999 choices are drawn, and the
 * observed one counts among them: p = (1 + number as far from 0) / 100,000 (Phipson and Smyth 2010).
 *
 * @returns the p-value, at least `leastProbability(n)`; null without differences
 */
export function signFlipPValue(differences: readonly number[]): number | null {
  const n = differences.length;
  if (n === 0) return null;
  const observed = Math.abs(differences.reduce((sum, value) => sum + value, 0));
  const slack = 1e-12 * differences.reduce((sum, value) => sum + Math.abs(value), 0); // for rounding
  if (n > MOST) return sampledPValue(differences, observed - slack);
  let asExtreme = 0;
  for (let signs = 0; signs < 2 ** n; signs++) {
    let sum = 0;
    for (let i = 0; i < n; i++) sum += signs & (1 << i) ? differences[i] : -differences[i];
    if (Math.abs(sum) >= observed - slack) asExtreme++;
  }
  return asExtreme / 2 ** n;
}

function sampledPValue(differences: readonly number[], extreme: number): number {
  const stream = new RandomStream(0, 'sign flips');
  let asExtreme = 1;
  for (let draw = 0; draw < DRAWN; draw++) {
    let sum = 0;
    for (const value of differences) sum += stream.integer(2) === 1 ? value : -value;
    if (Math.abs(sum) >= extreme) asExtreme++;
  }
  return asExtreme / (DRAWN + 1);
}

/** Returns the least p-value that n pairs can have: that of differences with the same sign. */
export const leastPValue = (n: number): number => Math.max(Math.min(1, 2 / 2 ** n), n > MOST ? 1 / (DRAWN + 1) : 0);

/** Returns how many pairs a significant difference needs at least, with Holm's correction for this many comparisons. */
export function pairsNeeded(comparisons: number): number {
  let n = 1;
  while (comparisons * leastPValue(n) > LEVEL) n++;
  return n;
}
