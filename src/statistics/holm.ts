/**
 * Corrects the p-values of several tests by Holm's method: with p_(1) <= ... <= p_(m), the i-th becomes the greatest of
 * (m - j + 1) p_(j) over j <= i, at most 1. Values below .05 are then significant with all m tests taken into account.
 *
 * @returns in the given order; null for a test without a p-value, which does not count
 */
export function holmPValues(pValues: readonly (number | null)[]): (number | null)[] {
  const order = pValues.flatMap((p, at) => (p === null ? [] : [{ p, at }])).sort((a, b) => a.p - b.p);
  const corrected: (number | null)[] = pValues.map(() => null);
  let most = 0;
  order.forEach(({ p, at }, i) => {
    most = Math.max(most, Math.min(1, (order.length - i) * p));
    corrected[at] = most;
  });
  return corrected;
}
