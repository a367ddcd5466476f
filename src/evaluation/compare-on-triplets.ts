import { correctTriplets } from '../metrics/index.js';
import { itemJackknife, type JackknifeMean } from './item-jackknife.js';
import type { ItemEmbeddings } from './load-model.js';

/** A model's FCT, and how much it is above that of the first model on the same triplets. */
export interface ComparedModel {
  readonly fct: JackknifeMean;
  /** Of the first model 0, without an error. */
  readonly gain: JackknifeMean;
}

/**
 * Models on the same triplets, each with the standard error over items, and its gain on the first with the error of that
 * difference: that is less than of two models on triplets of their own, since the same ones are hard for both.
 *
 * @param triplets `[3m] int32` items
 */
export function compareOnTriplets(
  models: readonly ItemEmbeddings[],
  triplets: Int32Array,
  directed: boolean,
): ComparedModel[] {
  const correct = models.map(({ data, size }) => correctTriplets(data, size, triplets, directed));
  return models.map((_, i) => ({
    fct: itemJackknife(correct[i], triplets),
    gain: itemJackknife(
      Array.from(correct[i], (value, t) => value - correct[0][t]),
      triplets,
    ),
  }));
}
