import type { RandomStream } from '../random/stream.js';
import { weightedChoice } from './weighted-choice.js';
import { exponentiate, LOWER_CUTOFF, logInverseDensity, squaredDistances } from './distances.js';

/**
 * Draws a triplet (anchor, positive, negative) for each row. The positive is uniform among the others of its class
 * (itself if alone). The negative is of another class, with weight d^(2 - dim) (1 - d^2/4)^((3 - dim)/2), d being at
 * least .5.
 *
 * After Wu, Manmatha, Smola, Krähenbühl, *Sampling matters in deep embedding learning*, ICCV 2017.
 *
 * @param embeddings `[n, dim] float32`, L2-normalised rows
 * @param classes `[n]`; if all are equal there are no negatives, so no triplets
 * @returns `[triplets, 3] int32`
 */
export function distanceWeighted(
  embeddings: Float32Array,
  dim: number,
  classes: Int32Array,
  stream: RandomStream,
): Int32Array {
  const n = classes.length;
  if (classes.every((c) => c === classes[0])) return new Int32Array(0);
  const members = new Map<number, number[]>();
  classes.forEach((c, i) => members.set(c, [...(members.get(c) ?? []), i]));
  const triplets = new Int32Array(3 * n);
  const weights = new Float64Array(n);
  const squared = squaredDistances({ data: embeddings, first: 0, step: dim, size: dim }, n);
  for (let i = 0; i < n; i++) {
    const others = members.get(classes[i])!.filter((j) => j !== i);
    const positive = others.length === 0 ? i : others[stream.integer(others.length)];
    for (let j = 0; j < n; j++)
      weights[j] =
        classes[j] === classes[i] ? -Infinity : logInverseDensity(Math.max(squared[i * n + j], LOWER_CUTOFF ** 2), dim);
    exponentiate(weights);
    triplets.set([i, positive, weightedChoice(weights, stream)], 3 * i);
  }
  return triplets;
}
