import type { CommonConfiguration } from '../configuration/types.js';
import type { Subset } from '../datasets/dataset.js';
import { makeTripletDataset } from '../datasets/index.js';
import { UsageError } from '../errors.js';
import { fractionCorrectOfTriplets } from '../metrics/fraction-correct-triplets.js';
import { embedItems } from './load-model.js';

export interface Evaluation {
  readonly metric: string;
  readonly value: number;
  readonly subset: string;
  /** Triplets that the value is taken over. */
  readonly count: number;
  readonly notes: readonly string[];
}

/**
 * `evaluate`: FCT of a model over all triplets of a subset.
 *
 * @param base where relative paths start
 * @throws UsageError where `model_uri` is missing or anything does not fit
 */
export function evaluate(configuration: CommonConfiguration, base: string = process.cwd()): Evaluation {
  const { model_uri, subset_name = 'test', evaluation_type = 'triplets' } = configuration;
  if (model_uri === undefined)
    throw new UsageError('missing model_uri; give model_uri=Psycho,embedding_size:128/path/to/checkpoint-best.pth');
  if (evaluation_type !== 'triplets')
    throw new UsageError(`cannot evaluate evaluation_type: ${evaluation_type} yet; this version has triplets`);
  const dataset = makeTripletDataset(configuration.dataset);
  const embeddings = embedItems(model_uri, dataset, base);
  const parts = subset_name === 'all' ? (['training', 'validation', 'test'] as const) : [subset_name];
  const triplets = joined(parts.map((part: Subset) => dataset.triplets[part]));
  if (triplets.length === 0)
    throw new UsageError(`empty subset: ${subset_name} of ${dataset.name} has no triplets; choose another subset_name`);
  return {
    metric: 'FCT',
    value: fractionCorrectOfTriplets(embeddings.data, embeddings.size, triplets, dataset.directed),
    subset: subset_name,
    count: triplets.length / 3,
    notes: dataset.facts.notes,
  };
}

function joined(parts: readonly Int32Array[]): Int32Array {
  const all = new Int32Array(parts.reduce((sum, part) => sum + part.length, 0));
  let at = 0;
  for (const part of parts) {
    all.set(part, at);
    at += part.length;
  }
  return all;
}
