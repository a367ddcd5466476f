/** What is rarer than this by chance alone is told from chance. */
export const LEVEL = 0.05;

/** More differences would take too long to go through. */
const MOST = 20;

/**
 * Tests that paired differences lie around 0, by the exact two-sided sign-flip permutation test: p is the share of all
 * 2^n choices of their signs whose sum is as far from 0 as the observed one (Fisher 1935; Good 2005, Permutation,
 * Parametric and Bootstrap Tests of Hypotheses).
 *
 * @returns p, `leastProbability(n)` at least; null for none, or more than 20
 */
export function signFlipProbability(differences: readonly number[]): number | null {
  const n = differences.length;
  if (n === 0 || n > MOST) return null;
  const observed = Math.abs(differences.reduce((sum, value) => sum + value, 0));
  const slack = 1e-12 * differences.reduce((sum, value) => sum + Math.abs(value), 0); // of rounding
  let as = 0;
  for (let signs = 0; signs < 2 ** n; signs++) {
    let sum = 0;
    for (let i = 0; i < n; i++) sum += signs & (1 << i) ? differences[i] : -differences[i];
    if (Math.abs(sum) >= observed - slack) as++;
  }
  return as / 2 ** n;
}

/** The least p that n pairs can have: all differences point the same way. */
export const leastProbability = (n: number): number => Math.min(1, 2 / 2 ** n);

/** So many pairs are needed before any difference can be told from chance among so many comparisons, by Holm's correction. */
export function pairsNeeded(comparisons: number): number {
  let n = 1;
  while (comparisons * leastProbability(n) > LEVEL) n++;
  return n;
}
