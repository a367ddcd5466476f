import { tripletCeiling } from '../../src/datasets/index.js';
import { bayesCeiling, drawTriplets } from '../../src/datasets/synthetic/synthetic-triplets.js';
import { RandomStream } from '../../src/random/stream.js';

export interface CoverageCase {
  readonly directed: boolean;
  readonly temperature: number;
  readonly questions: number;
  readonly answers: number;
}

/** In how many of so many draws the interval holds the true ceiling, and how far the estimates are off on average. */
export function coverage(one: CoverageCase, draws: number): { covered: number; bias: number } {
  const { directed, temperature, questions, answers } = one;
  const [noise, k] = [{ directed, temperature }, 4];
  let [covered, bias] = [0, 0];
  for (let seed = 0; seed < draws; seed++) {
    const stream = new RandomStream(seed, 'coverage');
    const space = { factors: Float32Array.from({ length: 120 * k }, () => stream.uniform()), k };
    // Of all questions about these items, and not only of those that are drawn next.
    const truth = bayesCeiling(
      space,
      noise,
      drawTriplets(space, noise, 8_000, new RandomStream(seed, 'other questions')),
    );
    const drawn = drawTriplets(space, noise, questions * answers, stream, answers);
    const { ceiling } = tripletCeiling(drawn, directed, { seed });
    covered += Number(ceiling!.low <= truth && truth <= ceiling!.high);
    bias += (ceiling!.value - truth) / draws;
  }
  return { covered, bias };
}
