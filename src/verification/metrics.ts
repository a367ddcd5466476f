import { fractionCorrectTriplets } from '../metrics/fraction-correct-triplets.js';
import { outcome, skipped, type Checker } from './outcome.js';

interface MetricCase {
  readonly metric: string;
  readonly directed?: boolean;
  readonly embeddings: number[][];
  readonly expected: Record<string, number>;
}

const tolerance = 1e-6;

/** Metrics against the reference's values; those that this version has not are skipped by name. */
export const checkMetrics: Checker = (content) =>
  (content as MetricCase[]).map(({ metric, directed = false, embeddings, expected }) => {
    if (metric !== 'FCT') return skipped(metric, 'metric not in this version');
    return outcome(`FCT ${directed ? 'directed' : 'undirected'}`, () => {
      const value = fractionCorrectTriplets(Float32Array.from(embeddings.flat()), embeddings[0].length, directed);
      return Math.abs(value - expected['FCT']) <= tolerance ? undefined : `${value}, expected ${expected['FCT']}`;
    });
  });
