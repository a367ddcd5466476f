import { syntheticDataset } from '../../../src/datasets/index.js';
import type { ProbeData, ProbeSimilarity } from '../../../src/evaluation/alignment/probe-objective.js';
import { RandomStream } from '../../../src/random/stream.js';

export const normal = (length: number, ...names: string[]): Float32Array => {
  const values = new Float32Array(length);
  new RandomStream(1, ...names).fillNormal(values, 0, 1);
  return values;
};

/** Some rows of normal numbers, and triplets of three different ones of them. */
export function smallData(directed: boolean, similarity: ProbeSimilarity, n = 9, size = 4, count = 40): ProbeData {
  const stream = new RandomStream(1, 'triplets');
  const triplets = Int32Array.from(
    Array.from({ length: count }, () => [...stream.permutation(n).subarray(0, 3)]).flat(),
  );
  return { rows: normal(n * size, 'rows'), size, triplets, directed, similarity };
}

/** The factors of the synthetic set, scaled, and dimensions of noise, all mixed linearly: `[items, 12]`. */
export function mixedFactors(directed: boolean) {
  const [items, size, scales] = [150, 12, [1, 0.5, 0.3, 0.7]];
  const dataset = syntheticDataset({
    name: 'SyntheticTInd',
    version: 'psycho',
    raw_data_directory_name: null,
    data_directory_name: null,
    batch_size: 3,
    directed,
    num_items: items,
    num_triplets: 40_000,
    temperature: 0.1,
  });
  const [mixing, noise] = [normal(size * size, 'mixing'), normal(items * size, 'noise')];
  const rows = new Float32Array(items * size);
  for (let i = 0; i < items; i++)
    for (let k = 0; k < size; k++) {
      const value = k < scales.length ? scales[k] * dataset.factors[i * scales.length + k] : 0.3 * noise[i * size + k];
      for (let l = 0; l < size; l++) rows[i * size + l] += value * mixing[k * size + l];
    }
  return { dataset, rows, size };
}
