import type { z } from 'zod';
import { miners, type MinerName } from './miners.js';
import { boolean, nameIn, notNegative, number, oneOf, positive } from './values.js';

/**
 * Every parameter of a loss by its key in the `model` section, in the order of a written configuration. For
 * `otherwise` see schema.ts.
 */
export const lossParameters = {
  triplet_weight_type: oneOf([
    'from_source_pairs',
    'from_source_pairs2',
    'from_source_triplets',
    'from_source_triplets2',
  ])
    .optional()
    .meta({
      description: "What weighs a triplet: the teachers' distances of its pairs, or the difference of the two. Names that end in 2 take squared distances, which relaxed_triplet refuses.", // prettier-ignore
    }),
  margin: number.optional().meta({
    description: 'By how much the two distances of a triplet must differ. Of the multi-similarity losses, the similarity that separates similar from different pairs.', // prettier-ignore
  }),
  margin2: number.optional().meta({
    description: "With from_source_triplets, the difference of the teachers' distances at which a triplet weighs one half.", // prettier-ignore
  }),
  margin_positive: number.optional().meta({ description: 'Similar pairs nearer than this cost nothing.' }),
  margin_negative: number.optional().meta({ description: 'Different pairs farther than this cost nothing.' }),
  teacher_margin: number.optional().meta({ description: 'A teacher votes for a triplet above this difference.' }),
  tau: positive
    .optional()
    .meta({ description: 'The temperature that similarities or distances are divided by; stmr multiplies by it.' }),
  mu: positive.optional().meta({ description: 'What is added to squared distances.' }),
  alpha: positive.optional().meta({ description: 'How steeply similar pairs are pulled together.' }),
  beta: notNegative.optional().meta({
    description: "Of the margin losses, the distance that separates similar from different pairs. Of the multi-similarity losses, how steeply different pairs are pushed apart. Of stmr, the temperature of the teachers' differences. Of Psycho, the weight of the sum of absolute values that is added to the reported loss.", // prettier-ignore
    otherwise: 'must be given where the loss reads it; of Psycho 0',
    applies: 'Psycho',
  }),
  semihard_loss_threshold: number.optional().meta({
    description: 'Where the greatest loss of a pair is at most this, the least hard one is added. 0: never.',
  }),
  batch_mining: nameIn<MinerName>(miners).nullable().optional().meta({
    description: "Takes the mean over triplets drawn by the teachers' distances, not over all.",
    otherwise: 'all triplets',
  }),
  exact_log_softmax: boolean.optional().meta({
    description: 'Takes the exact logarithm. In the original, probabilities under 1e-12 have no gradient.',
    otherwise: 'false',
  }),
};

export type LossParameter = keyof typeof lossParameters;

/** Holds the type of each parameter's value. */
export type LossParameterValues = {
  [Key in LossParameter]: Exclude<z.output<(typeof lossParameters)[Key]>, undefined>;
};

/** Names how relaxed losses weight triplets by the teachers' distances; with the suffix 2, by their squares. */
export type TripletWeightType = LossParameterValues['triplet_weight_type'];
