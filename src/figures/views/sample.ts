import { RandomStream } from '../../random/stream.js';

/** Samples from the numbers 0 to n - 1, all where there are no more; in ascending order. */
export function drawSome(n: number, count: number, stream: RandomStream): number[] {
  if (n <= count) return Array.from({ length: n }, (_, i) => i);
  return Array.from(stream.permutation(n).subarray(0, count)).sort((a, b) => a - b);
}

/**
 * Samples members of groups in turns: one of each group after another, at random within a group, until none is left or
 * `take` refuses one.
 *
 * @param take keeps a member, or returns false where there is no room for it: then the sampling ends
 */
export function drawInTurns(
  groups: readonly (readonly number[])[],
  stream: RandomStream,
  take: (member: number) => boolean,
): void {
  const orders = groups.map((group) => stream.permutation(group.length));
  for (let round = 0; orders.some((order) => round < order.length); round++)
    for (const [g, order] of orders.entries()) if (round < order.length && !take(groups[g][order[round]])) return;
}
