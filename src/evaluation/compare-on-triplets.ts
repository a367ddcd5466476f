import { correctTriplets } from '../metrics/index.js';
import { itemJackknife, type JackknifeMean } from './item-jackknife.js';
import type { ItemEmbeddings } from './load-model.js';

/** A model's FCT, and its gain over the first model on the same triplets. */
export interface ComparedModel {
  readonly fct: JackknifeMean;
  /** The gain; of the first model it is 0 and has no error. */
  readonly gain: JackknifeMean;
}

/**
 * Compares models on the same triplets: the FCT of each with its standard error over items, and its gain over the first
 * model with the error of that difference. This error is smaller than that of two models on different triplets, since
 * the same triplets are hard for both.
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
