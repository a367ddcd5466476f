import type { DatasetConfiguration } from '../../configuration/types.js';
import { UsageError } from '../../errors.js';
import type { TripletDataset } from '../dataset.js';

/**
 * Keeps the first `num_training_triplets` of the training subset, which the split has shuffled; items, validation and
 * test do not change. The facts record it.
 *
 * @throws UsageError where the subset has fewer
 */
export function fewerTriplets<Dataset extends TripletDataset>(
  dataset: Dataset,
  { num_training_triplets: wanted }: DatasetConfiguration,
): Dataset {
  if (wanted === undefined) return dataset;
  const { training } = dataset.triplets;
  const all = training.length / 3;
  if (wanted > all)
    throw new UsageError(
      `invalid dataset.num_training_triplets: ${wanted}; the training subset of ${dataset.name} has ${all} triplets`,
    );
  const { facts } = dataset;
  return {
    ...dataset,
    triplets: { ...dataset.triplets, training: training.subarray(0, 3 * wanted) },
    facts: {
      ...facts,
      counts: { ...facts.counts, training: wanted },
      notes: [...facts.notes, `trained on the first ${wanted} of ${all} training triplets`],
    },
  };
}
