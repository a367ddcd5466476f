import { unknown } from '../errors.js';
import { doubleContrastive } from './double-contrastive.js';
import { doubleMargin } from './double-margin.js';
import { doubleMultisimilarity } from './double-multisimilarity.js';
import type { TripletLoss } from './loss.js';
import { ste } from './ste.js';
import { triplet } from './triplet.js';

export type { TripletLoss } from './loss.js';
export { doubleContrastive, doubleMargin, doubleMultisimilarity, ste, triplet };

/** The losses on labelled triplets, by their `loss_type`. */
export const tripletLosses = {
  double_contrastive: doubleContrastive,
  double_margin: doubleMargin,
  double_multisimilarity: doubleMultisimilarity,
  ste,
  triplet,
} satisfies Record<string, (parameters: never, directed: boolean) => TripletLoss>;

export type TripletLossName = keyof typeof tripletLosses;

/**
 * The loss of that `loss_type`.
 *
 * @param parameters its margins and so on, under the keys of a configuration; others are ignored
 * @throws UsageError for an unknown name
 */
export function makeTripletLoss(
  name: string,
  parameters: Readonly<Record<string, unknown>>,
  directed: boolean,
): TripletLoss {
  if (!Object.hasOwn(tripletLosses, name)) throw unknown('loss_type', name, Object.keys(tripletLosses));
  return tripletLosses[name as TripletLossName](parameters as never, directed);
}
