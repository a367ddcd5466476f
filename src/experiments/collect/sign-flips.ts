/** More differences would take too long to go through. */
const MOST = 20;

/**
 * Exact two-sided test that paired differences lie around 0: the share of all 2^n choices of their signs whose sum is as
 * far from 0 as the observed one. With n = 5 it is .0625 at least.
 *
 * @returns null for none, or more than 20
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
