/**
 * Probabilities of several tests after Holm's correction: with p_(1) <= ... <= p_(m), the i-th becomes the greatest of
 * (m - j + 1) p_(j) over j <= i, 1 at most. What stays below .05 does so with all m tests in view.
 *
 * @returns in the order given; null where a test has none, which does not count
 */
export function holmProbabilities(probabilities: readonly (number | null)[]): (number | null)[] {
  const order = probabilities.flatMap((p, at) => (p === null ? [] : [{ p, at }])).sort((a, b) => a.p - b.p);
  const corrected: (number | null)[] = probabilities.map(() => null);
  let most = 0;
  order.forEach(({ p, at }, i) => {
    most = Math.max(most, Math.min(1, (order.length - i) * p));
    corrected[at] = most;
  });
  return corrected;
}
