import type { RandomStream } from '../random/stream.js';

/** Draws an index with probability proportional to its weight; takes one number. @param weights of a sum above 0 */
export function weightedChoice(weights: Float64Array, stream: RandomStream): number {
  let total = 0;
  for (const weight of weights) total += weight;
  let rest = stream.uniform() * total;
  let last = -1;
  for (let i = 0; i < weights.length; i++) {
    if (weights[i] === 0) continue;
    last = i;
    rest -= weights[i];
    if (rest < 0) return i;
  }
  return last; // rounding
}
